import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { createLaterQueue, type LaterQueue } from '../../../lib/publishing/topic/later-queue.ts';
import type { ConsumerSetup } from '../../../lib/runtime/batch/consumer-setup.ts';
import {
  Answered,
  Asked,
  client,
  type Handler,
  message,
  newId,
  putRecord,
  recordOf,
  run,
  SILENT,
  seen,
  setup,
  useRig,
} from './rig.ts';

useRig();

const answering = defineConsumer({
  name: 'claimer',
  description: 'Tests.',
  listensTo: [Asked],
  emits: [Answered],
  emitsLater: true,
  tables: { effects: { partitionKey: 'id' } },
});
const now: Handler = (event, ctx) => void ctx.emit(Answered, { n: event.data.n });
const later: Handler = (event, ctx) => void ctx.emit(Answered, { n: event.data.n }, { in: 60 });

/** A queue of later events that takes everything but entries that SQS cannot read: then it refuses the request. */
function laterQueue(): { readonly bodies: string[]; readonly queue: LaterQueue } {
  const bodies: string[] = [];
  const queue = createLaterQueue({
    queueUrl: 'later',
    sendBatch: async ({ Entries = [] }) => {
      if (!Entries.every(({ DelaySeconds }) => Number.isInteger(DelaySeconds)))
        throw Object.assign(new Error('no integer'), { name: 'SerializationException' });
      bodies.push(...Entries.map(({ MessageBody = '' }) => MessageBody));
      const Successful = Entries.map(({ Id }) => ({ Id, MessageId: 'm', MD5OfMessageBody: '' }));
      return { Successful, Failed: [] };
    },
  });
  return { bodies, queue };
}

/** The event of a record that another release has committed, with this outbox. */
async function committed(...outbox: readonly object[]): Promise<string> {
  const id = newId();
  await putRecord(id, { status: 'COMMITTED' });
  const texts = outbox.map((entry) => ({ S: JSON.stringify(entry) }));
  await client.send(
    new PutItemCommand({ TableName: 'records', Item: { ...(await recordOf(id)), outbox: { L: texts } } }),
  );
  return id;
}

const entry = (extra: object = {}) => ({
  specversion: '1.0',
  id: newId(),
  source: '/a',
  type: 'test.Answered.v1',
  data: { n: 1 },
  ...extra,
});
const inAnHour = () => ({ deliverat: new Date(Date.now() + 3_600_000).toISOString() });

/** Runs the event of such a record in one batch with a new one. Gives why the first one has failed. */
async function runBeside(handler: Handler, bad: string, ports: Partial<ConsumerSetup['ports']>) {
  const good = newId();
  const [first, second] = [message(bad, { attempt: 2 }), message(good)];
  const returned = await run(setup(answering as never, handler, ports), [first, second], 3_000);
  const outcome = seen.reports.at(-1)?.items[0]?.outcome;
  expect(returned).toEqual([first.messageId]);
  expect((await recordOf(good))?.status?.S).toMatch(/^COMPLETED/);
  expect((await recordOf(bad))?.status?.S).toBe('COMMITTED');
  return outcome?.status === 'failed' ? outcome.error.message : outcome?.status;
}

describe('an entry of an outbox that cannot be sent fails its own event alone', () => {
  it('because the consumer no longer emits later events', async () => {
    const bad = await committed(entry(inAnHour()));
    expect(await runBeside(now, bad, {})).toBe(
      'an emitted event was not published: NoLaterQueue LATER_QUEUE_URL is not set; deploy the definition with emitsLater: true',
    );
    expect(seen.published).toHaveLength(1);
  });

  it('because the consumer no longer emits events', async () => {
    const { queue, bodies } = laterQueue();
    const bad = await committed(entry());
    expect(await runBeside(later, bad, { publisher: undefined, later: queue })).toBe(
      'an emitted event was not published: NoTopic TOPIC_ARN is not set, so this function has no topic',
    );
    expect(bodies).toHaveLength(1);
  });

  it.each([
    ['no time', 'soon'],
    ['no text', { at: 5 }],
  ])('because its deliverat is %s', async (_, deliverat) => {
    const { queue, bodies } = laterQueue();
    const bad = await committed(entry({ deliverat }));
    expect(await runBeside(later, bad, { later: queue })).toMatch(
      /^an emitted event was not published: NotEncodable deliverat is no time$/,
    );
    expect(bodies).toHaveLength(1);
  });

  it('because the topic is silent, while the queue of later events takes what it is sent', async () => {
    const { queue, bodies } = laterQueue();
    const bad = await committed(entry());
    expect(await runBeside(later, bad, { publisher: SILENT, later: queue })).toBe(
      'an emitted event was not published: there was no time left for publishing',
    );
    expect(bodies).toHaveLength(1);
  });
});
