import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { consume } from '../../../lib/runtime/consume.ts';
import { AskedEvent } from './asked.ts';
import { work } from './work.ts';

const committer = defineConsumer({
  name: 'committer',
  description: 'Measured.',
  listensTo: [AskedEvent],
  effects: 'commit',
  tables: { effects: { partitionKey: 'id' } },
});

/** Fanfare with an effect that happens exactly once: one transaction for each event. */
export const handler = consume(committer, {
  'bench.Asked': async (event, ctx) => {
    work(event.data);
    await ctx.commit([{ Put: { TableName: ctx.tables.effects, Item: { id: { S: event.id } } } }]);
  },
});
