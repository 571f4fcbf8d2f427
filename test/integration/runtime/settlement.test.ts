import {
  BatchExecuteStatementCommand,
  type CancellationReason,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { PublishBatchCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/aws/clock.ts';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { createTopicPublisher } from '../../../lib/publishing/topic/topic-publisher.ts';
import type { ConsumerSetup } from '../../../lib/runtime/batch/consumer-setup.ts';
import { CommitRejectedError, PermanentError } from '../../../lib/runtime/errors.ts';
import {
  Answered,
  BOTH,
  claimer,
  client,
  commitEffect,
  committer,
  countEffect,
  deadLetters,
  effectsOf,
  emitAndCommit,
  type Handler,
  message,
  newId,
  PUBLISHES,
  putRecord,
  REFUSES,
  recordOf,
  run,
  SILENT,
  seen,
  setup,
  useRig,
} from './rig.ts';

useRig();

const COMPLETED = { status: { S: expect.stringMatching(/^COMPLETED /) } };
const TIMEOUT = Object.assign(new Error('the answer was lost'), { name: 'TimeoutError' });
const BROKEN = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const once = (what: (command: object) => boolean, error: Error) => {
  let done = false;
  return (command: object): void => {
    if (done || !what(command)) return;
    done = true;
    throw error;
  };
};
/** A handler that acts without a commit, and says so in an event. */
const actAndEmit = (acts: string[]): Handler => {
  return (event, ctx) => {
    acts.push(event.id);
    ctx.emit(Answered, { n: 1 });
  };
};

describe.each(BOTH)('with effects: %s, an effect that has happened is noted', (_, definition) => {
  it('though the topic refuses what was emitted: a redelivery only publishes', async () => {
    const id = newId();
    const acts: string[] = [];
    for (const attempt of [1, 2, 3]) {
      const refused = setup(definition, actAndEmit(acts), { publisher: REFUSES });
      expect(await run(refused, [message(id, { attempt })])).toHaveLength(1);
      expect(await recordOf(id)).toMatchObject({ status: { S: 'COMMITTED' } });
    }
    expect(await run(setup(definition, actAndEmit(acts)), [message(id, { attempt: 4 })])).toEqual([]);
    expect(acts).toEqual([id]);
    expect(seen.published).toMatchObject([{ causationid: id }]);
    expect(await recordOf(id)).toMatchObject(COMPLETED);
  });

  it('though the topic takes only a part: all of it is published again, under the same ids', async () => {
    const id = newId();
    const emitThree: Handler = (_event, ctx) => {
      for (const n of [1, 2, 3]) ctx.emit(Answered, { n });
    };
    const half = {
      ...REFUSES,
      publish: async (events: readonly object[]) =>
        events.map((_one, index) =>
          index === 1
            ? ({ status: 'failed', code: 'InternalError', message: '', retryable: true } as const)
            : ({ status: 'published', messageId: 'm' } as const),
        ),
    };
    expect(await run(setup(definition, emitThree, { publisher: half }), [message(id)])).toHaveLength(1);
    expect(await recordOf(id)).toMatchObject({ status: { S: 'COMMITTED' } });
    expect(await run(setup(definition, emitThree), [message(id, { attempt: 2 })])).toEqual([]);
    expect(seen.published.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(new Set(seen.published.map((event) => event.id)).size).toBe(3);
  });

  it('though the topic is silent until the time is over, and the other events of the batch are settled', async () => {
    const [silent, plain] = [newId(), newId()];
    const acts: string[] = [];
    const handler: Handler = (event, ctx) =>
      event.id === silent ? actAndEmit(acts)(event, ctx) : commitEffect(event, ctx);
    const records = [message(silent), message(plain)];
    expect(await run(setup(definition, handler, { publisher: SILENT }), records, 1_500)).toEqual([
      records[0]?.messageId,
    ]);
    expect(await recordOf(silent)).toMatchObject({ status: { S: 'COMMITTED' } });
    expect(await recordOf(plain)).toMatchObject(COMPLETED);
  });

  it('and on a FIFO bus what is emitted has a partitionkey, of its own or of its parent', async () => {
    const fifo = { ...PUBLISHES, fifo: true };
    const emit: Handler = (_event, ctx) => ctx.emit(Answered, { n: 1 });
    const id = newId();
    expect(await run(setup(definition, emit, { publisher: fifo }), [message(id)])).toHaveLength(1);
    expect(seen.reports.at(-1)?.items[0]?.outcome).toMatchObject({
      status: 'failed',
      error: {
        message: expect.stringMatching(
          /emits a test.Answered.v1 that .*partitionkey is missing: on a FIFO bus/,
        ),
      },
    });
    const keyed: Handler = (_event, ctx) => ctx.emit(Answered, { n: 1 }, { partitionkey: 'g' });
    expect(await run(setup(definition, keyed, { publisher: fifo }), [message(newId())])).toEqual([]);
  });

  it('though the topic answers for some in time: those are settled, and the others are published again', async () => {
    const [heard, unheard] = [newId(), newId()];
    const halfSilent = createTopicPublisher({
      topicArn: 'arn:topic.fifo',
      sns: { send: answerFor(heard) } as unknown as Parameters<typeof createTopicPublisher>[0]['sns'],
    });
    // Of one message group, so that each is in a request of its own.
    const emit: Handler = (_event, ctx) => ctx.emit(Answered, { n: 1 }, { partitionkey: 'g' });
    const consumer = setup(definition, emit, { publisher: halfSilent });
    const records = [message(heard), message(unheard)];
    expect(await run(consumer, records, 3_000)).toEqual([records[1]?.messageId]);
    expect(await recordOf(heard)).toMatchObject(COMPLETED);
    expect(await recordOf(unheard)).toMatchObject({ status: { S: 'COMMITTED' } });
  });

  it.each([
    ['an answer is lost', () => ({ afterwards: once(isBatch, TIMEOUT) })],
    ['a request is refused', () => ({ before: once(isBatch, TIMEOUT) })],
    ['a connection breaks', () => ({ before: once(isBatch, BROKEN) })],
  ])('though in its settlement %s', async (_name, trouble) => {
    const id = newId();
    let acts = 0;
    const act: Handler = () => {
      acts += 1;
      Object.assign(seen, trouble());
    };
    expect(await run(setup(definition, act), [message(id)])).toEqual([]);
    expect(await recordOf(id)).toMatchObject(COMPLETED);
    expect(await run(setup(definition, act), [message(id, { attempt: 2 })])).toEqual([]);
    expect(acts).toBe(1);
  });

  it('though the settlement is throttled, one statement of it or again and again', async () => {
    const id = newId();
    let throttled = 0;
    const consumer = setup(definition, () => undefined, { dynamodb: throttling(() => throttled++ < 3) });
    expect(await run(consumer, [message(id)])).toEqual([]);
    expect(throttled).toBeGreaterThan(3);
    expect(await recordOf(id)).toMatchObject(COMPLETED);
  });

  it('a duplicate of an event that committed nothing is acknowledged', async () => {
    const id = newId();
    const nothing: Handler = () => undefined;
    await run(setup(definition, nothing), [message(id)]);
    // Another message with the same event, received for the first time.
    expect(await run(setup(definition, nothing), [message(id)])).toEqual([]);
    expect(await run(setup(definition, nothing), [message(id, { attempt: 2 })])).toEqual([]);
    expect(seen.sqsCommands).toEqual([]);
  });

  it('a duplicate that commits nothing of an event that was committed is acknowledged', async () => {
    const id = newId();
    await run(setup(definition, commitEffect), [message(id)]);
    const nothing: Handler = () => undefined;
    expect(await run(setup(definition, nothing), [message(id)])).toEqual([]);
  });

  it.each([
    ['throws', new Error('the second time')],
    ['fails for good', new PermanentError('the second time')],
  ])('a duplicate of a finished event that %s is acknowledged, not buried', async (_name, error) => {
    const id = newId();
    await run(setup(definition, emitAndCommit), [message(id)]);
    const failing = setup(definition, () => Promise.reject(error));
    expect(await run(failing, [message(id)])).toEqual([]);
    expect(deadLetters()).toEqual([]);
    expect(seen.reports.at(-1)?.items[0]?.outcome?.status).toBe('duplicate');
  });

  it('nothing is buried while the record cannot be asked', async () => {
    const id = newId();
    const failing: Handler = () => {
      seen.before = () => {
        throw Object.assign(new Error('down'), { name: 'AccessDeniedException' });
      };
      throw new PermanentError('no');
    };
    expect(await run(setup(definition, failing), [message(id)])).toHaveLength(1);
    expect(deadLetters()).toEqual([]);
  });
});

/** A topic that confirms what one event has caused, and is silent about everything else. */
function answerFor(parent: string) {
  return async (command: PublishBatchCommand): Promise<object> => {
    const entries = command.input.PublishBatchRequestEntries ?? [];
    const isHeard = entries.every(({ Message = '' }) => JSON.parse(Message).causationid === parent);
    if (!isHeard) return new Promise(() => undefined);
    return { Successful: entries.map(({ Id }) => ({ Id, MessageId: 'm' })) };
  };
}

const isBatch = (command: object): boolean => command instanceof BatchExecuteStatementCommand;

/** A DynamoDB that throttles settlements: single statements of a batch, and whole requests. */
function throttling(happens: () => boolean): ConsumerSetup['ports']['dynamodb'] {
  let batches = 0;
  const send = async (command: never): Promise<object> => {
    const isClaim = (command as object) instanceof BatchExecuteStatementCommand && batches++ === 0;
    const claims = (command as { input: object }).input;
    if (isClaim && JSON.stringify(claims).includes('IN_PROGRESS')) return client.send(command);
    if (!happens()) return client.send(command);
    if (isBatch(command)) {
      return { Responses: [{ Error: { Code: 'ThrottlingError', Message: 'slow down' } }] };
    }
    throw Object.assign(new Error('slow down'), { name: 'ThrottlingException', $retryable: {} });
  };
  return { send } as unknown as ConsumerSetup['ports']['dynamodb'];
}

it('one settlement without an answer takes the others neither back nor their next delivery away', async () => {
  const [silent, done, failing] = [newId(), newId(), newId()];
  const handler: Handler = (event) => {
    if (event.id === silent || event.id === failing) throw new Error('no');
  };
  const send = (command: { input: { Key?: { id?: { S?: string } } } }) =>
    command instanceof UpdateItemCommand && command.input.Key?.id?.S?.endsWith(silent)
      ? new Promise(() => undefined)
      : client.send(command as never);
  const dynamodb = { send } as unknown as ConsumerSetup['ports']['dynamodb'];
  const records = [message(silent), message(done), message(failing)];
  const left = await run(setup(claimer, handler, { dynamodb }), records, 2_000);
  expect(left).toEqual([records[0]?.messageId, records[2]?.messageId]);
  expect(await recordOf(done)).toMatchObject(COMPLETED);
  expect(await recordOf(failing)).toMatchObject({ status: { S: 'FAILED' } });
  expect(seen.reports[0]?.unscheduled).toBe(0);
});

describe('a zombie', () => {
  const finishElsewhere = (id: string) =>
    client.send(
      new UpdateItemCommand({
        TableName: 'records',
        Key: { id: { S: `/test|${id}` } },
        UpdateExpression: 'SET #status = :done, #owner = :other',
        ExpressionAttributeNames: { '#status': 'status', '#owner': 'owner' },
        ExpressionAttributeValues: { ':done': { S: 'COMPLETED' }, ':other': { S: 'another' } },
      }),
    );

  it.each([
    ['throws', new Error('late')],
    ['fails for good', new PermanentError('late')],
  ])('whose event another has finished, and that %s, buries nothing', async (_, error) => {
    const id = newId();
    const lastAttempt = defineConsumer({ ...claimer, retry: { maxAttempts: 1 } });
    const handler: Handler = async () => {
      await finishElsewhere(id);
      throw error;
    };
    expect(await run(setup(lastAttempt, handler), [message(id)])).toEqual([]);
    expect(deadLetters()).toEqual([]);
  });

  it('whose event has failed elsewhere, to be tried again there, buries nothing', async () => {
    const id = newId();
    const handler: Handler = async () => {
      await putRecord(id, { status: 'FAILED', failedAt: Date.now() + 1 });
      throw new PermanentError('late');
    };
    for (const definition of [claimer, committer]) {
      expect(await run(setup(definition, handler), [message(id)])).toHaveLength(1);
      expect(deadLetters()).toEqual([]);
    }
  });

  it('whose event another has in its hands leaves the message', async () => {
    const id = newId();
    const handler: Handler = async () => {
      await putRecord(id, { leaseUntil: Date.now() + 60_000 });
      throw new PermanentError('late');
    };
    expect(await run(setup(claimer, handler), [message(id)])).toHaveLength(1);
    expect(deadLetters()).toEqual([]);
    expect(await recordOf(id)).toMatchObject({ owner: { S: 'another' }, status: { S: 'IN_PROGRESS' } });
  });
});

describe('a commit', () => {
  it.each(BOTH)('that nobody awaits is waited for: %s', async (_, definition) => {
    const id = newId();
    const handler: Handler = (event, ctx) => void commitEffect(event, ctx);
    expect(await run(setup(definition, handler), [message(id)])).toEqual([]);
    expect(await effectsOf(id)).toBe(1);
    expect(await recordOf(id)).toMatchObject({ ...COMPLETED, commitToken: { S: expect.any(String) } });
  });

  it.each(BOTH)('that nobody awaits, and that is rejected, fails its event: %s', async (_, definition) => {
    const id = newId();
    const handler: Handler = (_event, ctx) => void ctx.commit([impossible()]);
    expect(await run(setup(definition, handler), [message(id)])).toHaveLength(1);
    expect(await recordOf(id)).toMatchObject({ error: { M: { name: { S: 'CommitRejectedError' } } } });
  });

  it.each(BOTH)(
    'that is rejected fails its event, also when the handler catches that and returns: %s',
    async (_, definition) => {
      const id = newId();
      const handler: Handler = (_event, ctx) => ctx.commit([impossible()]).catch(() => undefined);
      expect(await run(setup(definition, handler), [message(id)])).toHaveLength(1);
      expect(await recordOf(id)).toMatchObject({ error: { M: { name: { S: 'CommitRejectedError' } } } });
    },
  );

  it.each(BOTH)(
    'that is rejected, and for which the handler throws PermanentError, gives its event up at once: %s',
    async (_, definition) => {
      const id = newId();
      const handler: Handler = (_event, ctx) =>
        ctx.commit([impossible()]).catch((cause: unknown) => {
          throw new PermanentError('out of stock', { cause });
        });
      expect(await run(setup(definition, handler), [message(id)])).toEqual([]);
      expect(deadLetters()).toEqual([{ id, errorName: 'PermanentError', errorMessage: 'out of stock' }]);
      expect(await recordOf(id)).toMatchObject({ error: { M: { name: { S: 'PermanentError' } } } });
    },
  );

  it.each(BOTH)(
    'that is rejected fails its event with the error that the handler throws then: %s',
    async (_, definition) => {
      const id = newId();
      const handler: Handler = async (_event, ctx) => {
        await ctx.commit([impossible()]).catch(() => undefined);
        throw new RangeError('nothing is left');
      };
      expect(await run(setup(definition, handler), [message(id)])).toHaveLength(1);
      expect(await recordOf(id)).toMatchObject({ error: { M: { name: { S: 'RangeError' } } } });
    },
  );

  it.each([
    ['done', { status: 'COMPLETED' }, []],
    ['taken over', { leaseUntil: Date.now() + 60_000 }, [expect.any(String)]],
  ] as const)(
    'that is refused because the event is %s elsewhere decides, whatever the handler throws then',
    async (_, record, returned) => {
      const id = newId();
      const handler: Handler = async (event, ctx) => {
        await ctx.commit([impossible()]).catch(() => undefined);
        await putRecord(id, record);
        await ctx.commit([countEffect(ctx, event.id)]).catch(() => undefined);
        throw new PermanentError('mine');
      };
      expect(await run(setup(committer, handler), [message(id)])).toEqual(returned);
      expect(deadLetters()).toEqual([]);
      expect(await effectsOf(id)).toBe(0);
    },
  );

  it.each(BOTH)(
    'that runs while the handler throws is waited for, and the event is done: %s',
    async (_, definition) => {
      const id = newId();
      const handler: Handler = (event, ctx) => {
        void commitEffect(event, ctx);
        throw new Error('did not wait');
      };
      expect(await run(setup(definition, handler), [message(id)])).toEqual([]);
      expect(await effectsOf(id)).toBe(1);
    },
  );

  it.each(BOTH)(
    'that comes too late fails its event, also when the handler swallows that: %s',
    async (_, definition) => {
      const id = newId();
      let clock = 0;
      const handler: Handler = async (event, ctx) => {
        clock = 60_000;
        try {
          await commitEffect(event, ctx);
        } catch {
          // Swallowed, as users do.
        }
      };
      const now = () => Date.now() + clock;
      const late = setup(definition, handler, { clock: { ...systemClock, now } });
      expect(await run(late, [message(id)])).toHaveLength(1);
      expect(await effectsOf(id)).toBe(0);
    },
  );

  it.each(BOTH)('beside another is refused at the call: %s', async (_, definition) => {
    const id = newId();
    const refused: unknown[] = [];
    const handler: Handler = async (event, ctx) => {
      const first = commitEffect(event, ctx);
      try {
        void commitEffect(event, ctx);
      } catch (error) {
        refused.push(error);
      }
      await first;
      try {
        void commitEffect(event, ctx);
      } catch (error) {
        refused.push(error);
      }
    };
    expect(await run(setup(definition, handler), [message(id)])).toEqual([]);
    expect(await effectsOf(id)).toBe(1);
    expect(refused.map(String)).toEqual([
      expect.stringContaining('commit while a commit is running'),
      expect.stringContaining('commit after the commit'),
    ]);
  });

  it.each(BOTH)('is known by its own token, not by who finished the record: %s', async (_, definition) => {
    const id = newId();
    const tokens = ['the-owner', 'the-commit'];
    const newToken = () => tokens.shift() ?? 'another';
    const handler: Handler = async (event, ctx) => {
      // The record is finished under the owner of this very invocation, but not by its commit.
      await putRecord(id, { status: 'COMPLETED', owner: 'the-owner' });
      await commitEffect(event, ctx);
    };
    expect(await run(setup(definition, handler, { newToken }), [message(id)])).toEqual([]);
    expect(await effectsOf(id)).toBe(0);
    expect(seen.reports[0]?.items[0]?.outcome?.status).toBe('duplicate');
  });

  it.each(BOTH)(
    'that conflicts is tried again, also when a condition fails beside it: %s',
    async (_, definition) => {
      const id = newId();
      let conflicts = 0;
      seen.before = (command) => {
        if (!(command instanceof TransactWriteItemsCommand) || conflicts++ > 1) return;
        const reasons = [
          { Code: 'None' },
          { Code: conflicts === 1 ? 'TransactionConflict' : 'ConditionalCheckFailed' },
          { Code: 'TransactionConflict' },
        ];
        throw cancelled(reasons);
      };
      expect(await run(setup(definition, commitEffect), [message(id)])).toEqual([]);
      expect(await effectsOf(id)).toBe(1);
    },
  );

  it('says of a rejection only which conditions failed', async () => {
    const id = newId();
    const verdicts: boolean[] = [];
    const handler: Handler = async (event, ctx) => {
      const rejected = await ctx
        .commit([countEffect(ctx, event.id), impossible()])
        .catch((error: unknown) => error);
      if (!(rejected instanceof CommitRejectedError)) expect.fail('the commit was not rejected');
      verdicts.push(...[0, 1, 2].map((index) => rejected.rejects(index)));
    };
    await run(setup(claimer, handler), [message(id)]);
    expect(verdicts).toEqual([false, true, false]);
  });
});

function impossible() {
  return {
    ConditionCheck: {
      TableName: 'effects',
      Key: { id: { S: 'never' } },
      ConditionExpression: 'attribute_exists(id)',
    },
  };
}

function cancelled(CancellationReasons: CancellationReason[]): Error {
  return new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons });
}
