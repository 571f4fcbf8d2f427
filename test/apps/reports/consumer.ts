import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { ReportArchived, ReportFiled } from './events.ts';

export const reader = defineConsumer({
  name: 'reader',
  description: 'Notes how long every report is, and how often it has read it.',
  listensTo: [ReportFiled, ReportArchived],
  effects: 'commit',
  tables: { notes: { partitionKey: 'id' } },
  batchSize: 1,
  timeoutSeconds: 10,
  retry: { firstDelaySeconds: 1, maxDelaySeconds: 1 },
});
