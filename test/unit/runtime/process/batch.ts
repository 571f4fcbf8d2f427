import * as z from 'zod';
import { systemClock } from '../../../../lib/aws/clock.ts';
import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../../lib/contracts/define-event.ts';
import type { ConsumerSetup } from '../../../../lib/runtime/batch/consumer-setup.ts';
import { processBatch } from '../../../../lib/runtime/batch/process-batch.ts';
import { NO_EVENT_DATA, NO_SECRETS } from '../../../apps/no-event-data.ts';
import { recordOf } from '../../publish/record-of.ts';

/**
 * A program that handles a batch and has nothing else to do, like a Lambda function. Its arguments are how the consumer notes its effects,
 * the milliseconds of the invocation, and what the handler of the first event waits for. It prints the messages that come again.
 */
const [effects, milliseconds, waitsFor] = process.argv.slice(2);

const Asked = defineEvent({ type: 'test.Asked', version: 1, description: 'Asked.', data: z.object({}) });
const definition = defineConsumer({
  name: 'waits',
  description: 'Waits.',
  listensTo: [Asked],
  ...(effects === 'commit' ? { effects, tables: {} } : {}),
});

const bodyOf = (id: string) =>
  JSON.stringify({ specversion: '1.0', id, source: '/test', type: Asked.versionedType, data: {} });
const records = ['first', 'second'].map((id) => ({ ...recordOf(bodyOf(id)), messageId: id }));

/** Services that do all they are asked for, at once. */
const answering = { send: async () => ({ Responses: records.map(() => ({})), Attributes: {} }) };

const setup = {
  definition,
  handlers: new Map([
    [
      Asked.type,
      async ({ id }: { readonly id: string }) => {
        if (id === 'first' && waitsFor === 'nothing') await new Promise(() => undefined);
      },
    ],
  ]),
  idempotencyTable: 'records',
  queueUrl: 'queue',
  deadLetterQueueUrl: 'dead-letters',
  tables: {},
  ports: {
    dynamodb: answering,
    sqs: answering,
    publisher: { maxEventBytes: 1, publish: async () => [] },
    eventData: NO_EVENT_DATA,
    getSecret: NO_SECRETS,
    clock: systemClock,
    random: Math.random,
    newToken: () => 'token',
  },
  telemetry: { begin: () => undefined, loggerFor: () => console, report: () => undefined },
  // The ports' `send` is generic over commands, and this program's services take any.
} as unknown as ConsumerSetup;

const { batchItemFailures } = await processBatch(setup, records, Number(milliseconds));
console.log(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).join());
