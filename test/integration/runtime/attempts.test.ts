import { TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import type { ConsumerSetup } from '../../../lib/runtime/batch/consumer-setup.ts';
import { PermanentError } from '../../../lib/runtime/errors.ts';
import {
  Answered,
  BOTH,
  claimer,
  commitEffect,
  committer,
  deadLetters,
  effectsOf,
  type Handler,
  message,
  newId,
  putRecord,
  REFUSES,
  recordOf,
  run,
  seen,
  setup,
  sqsThat,
  useRig,
} from './rig.ts';

useRig();

const MAX = 3;
const emitOnly: Handler = (_event, ctx) => ctx.emit(Answered, { n: 1 });

describe.each(BOTH)('with effects: %s, an attempt', (_, definition) => {
  const consumer = defineConsumer({ ...definition, retry: { maxAttempts: MAX } });
  const deliver = (id: string, handler: Handler, attempt: number, change = {}) =>
    run(setup(consumer, handler, change), [message(id, { attempt })]);

  it('is a handler that begins: at the last one the event is given up, with the reason', async () => {
    const id = newId();
    const attempts: number[] = [];
    const failing: Handler = (_event, ctx) => {
      attempts.push(ctx.attempt);
      throw new TypeError(`attempt ${ctx.attempt}`);
    };
    const left: number[] = [];
    for (let delivery = 1; delivery <= MAX; delivery++) {
      left.push((await deliver(id, failing, delivery)).length);
    }
    expect([attempts, left]).toEqual([
      [1, 2, 3],
      [1, 1, 0],
    ]);
    expect(deadLetters()).toEqual([{ id, errorName: 'TypeError', errorMessage: 'attempt 3' }]);
    expect(await recordOf(id)).toMatchObject({ status: { S: 'FAILED' }, attempts: { N: '3' } });
  });

  it.each([
    [
      'is throttled',
      () => Promise.reject(Object.assign(new Error('slow down'), { name: 'ThrottlingException' })),
    ],
    ['has no answer', () => new Promise<never>(() => undefined)],
  ])('is also a handler whose commit %s until the time of handlers is over', async (_what, answer) => {
    const id = newId();
    const rig = setup(consumer, commitEffect);
    const send = (command: object): unknown =>
      command instanceof TransactWriteItemsCommand
        ? answer()
        : Reflect.apply(rig.ports.dynamodb.send, undefined, [command]);
    const ports = { ...rig.ports, dynamodb: { send } as unknown as typeof rig.ports.dynamodb };
    const left: number[] = [];
    for (let attempt = 1; attempt <= MAX; attempt++) {
      const returned = await run(
        { ...rig, ports },
        [message(id, { attempt, firstReceivedAt: 1_000 })],
        1_000,
      );
      left.push(returned.length);
    }
    expect(left).toEqual([1, 1, 0]);
    expect(await recordOf(id)).toMatchObject({ status: { S: 'FAILED' }, attempts: { N: '3' } });
  });

  it('is none when the message is delivered often but never handled', async () => {
    const id = newId();
    const down = {
      send: () => Promise.reject(new Error('down')),
    } as unknown as ConsumerSetup['ports']['dynamodb'];
    for (let delivery = 2; delivery < 40; delivery++) {
      expect(await deliver(id, commitEffect, delivery, { dynamodb: down })).toHaveLength(1);
    }
    expect(await deliver(id, commitEffect, 40)).toEqual([]);
    expect(await effectsOf(id)).toBe(1);
    expect(deadLetters()).toEqual([]);
  });

  it('is none when another invocation has the event', async () => {
    const id = newId();
    const leaseUntil = Date.now() + 60_000;
    await putRecord(id, { leaseUntil, attempts: 1 });
    for (let delivery = 2; delivery < 20; delivery++) {
      expect(await deliver(id, commitEffect, delivery)).toHaveLength(1);
    }
    expect(seen.reports[0]?.items[0]?.outcome).toEqual({ status: 'leased', untilMs: leaseUntil });
    expect(await recordOf(id)).toMatchObject({ attempts: { N: '1' } });
    expect(deadLetters()).toEqual([]);
  });

  it('that has lost its lease gives nothing up, though it was the last', async () => {
    const id = newId();
    await putRecord(id, { status: 'FAILED', attempts: MAX - 1 });
    const overtaken: Handler = async (event, ctx) => {
      await putRecord(id, { status: 'FAILED', attempts: MAX });
      await commitEffect(event, ctx);
    };
    expect(await deliver(id, overtaken, 2)).toHaveLength(1);
    expect(deadLetters()).toEqual([]);
  });

  it('is counted on by the older of two messages that a batch has of the event', async () => {
    const id = newId();
    await putRecord(id, { status: 'FAILED', attempts: 1 });
    const records = [0, Date.now() + 60_000].map((firstReceivedAt) =>
      message(id, { attempt: 2, firstReceivedAt }),
    );
    expect(await run(setup(consumer, commitEffect), records)).toEqual([]);
    expect(await recordOf(id)).toMatchObject({ attempts: { N: '2' } });
  });

  it('is not made once more of an event that has used all of them without a word: its process died', async () => {
    const id = newId();
    await putRecord(id, { status: 'FAILED', attempts: MAX });
    expect(await deliver(id, commitEffect, 2)).toEqual([]);
    expect(await effectsOf(id)).toBe(0);
    expect(deadLetters()).toMatchObject([{ id, errorName: 'ProcessDiedError' }]);
  });

  it('begins a new count when the event is redriven', async () => {
    const id = newId();
    await putRecord(id, { status: 'FAILED', attempts: MAX });
    expect(await deliver(id, () => Promise.reject(new Error('still')), 1)).toHaveLength(1);
    expect(await recordOf(id)).toMatchObject({ attempts: { N: '1' } });
  });

  it('begins a new count when the first delivery after the redrive left no trace, for its process died', async () => {
    for (const state of [{ status: 'FAILED' }, { leaseUntil: 1, alone: true }]) {
      const id = newId();
      await putRecord(id, { ...state, attempts: MAX, startedAt: Date.now() - 60_000 });
      const redriven = message(id, { attempt: 2, firstReceivedAt: Date.now() - 1_000 });
      expect(
        await run(
          setup(consumer, () => Promise.reject(new Error('x'))),
          [redriven],
        ),
      ).toHaveLength(1);
      expect(await recordOf(id)).toMatchObject({ attempts: { N: '1' } });
    }
    expect(deadLetters()).toEqual([]);
  });

  it('is not made again when only the dead-letter queue did not take the event', async () => {
    const id = newId();
    let handled = 0;
    const failing: Handler = () => {
      handled += 1;
      throw new Error('the reason');
    };
    await putRecord(id, { status: 'FAILED', attempts: MAX - 1 });
    const refusing = sqsThat(() => Promise.reject(new Error('down')));
    expect(await deliver(id, failing, 3, { sqs: refusing })).toHaveLength(1);
    expect(await deliver(id, failing, 4)).toEqual([]);
    expect(handled).toBe(1);
    expect(deadLetters()).toMatchObject([{ id, errorMessage: 'the reason' }]);
  });

  it.each([
    ['does not take it', () => Promise.reject(new Error('down'))],
    ['says nothing of it', async () => ({})],
    ['refuses it', async () => ({ Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }] })],
  ])('is the last one when it fails for good, also while the dead-letter queue %s', async (_case, answer) => {
    const id = newId();
    let handled = 0;
    const failing: Handler = () => {
      handled += 1;
      throw new PermanentError('the card is stolen');
    };
    const refusing = sqsThat(answer);
    expect(await deliver(id, failing, 1, { sqs: refusing })).toHaveLength(1);
    expect(await deliver(id, failing, 2, { sqs: refusing })).toHaveLength(1);
    expect(await deliver(id, failing, 3)).toEqual([]);
    expect(handled).toBe(1);
    expect(deadLetters()).toMatchObject([{ id, errorMessage: 'the card is stolen' }]);
    // A person has sent it back: it begins anew.
    expect(await deliver(id, () => undefined, 1)).toEqual([]);
    expect(await recordOf(id)).toMatchObject({ status: { S: expect.stringMatching(/^COMPLETED/) } });
  });

  describe('of an event that was given up, and whose message came twice', () => {
    const givenUpAt = Date.now() - 60_000;
    const letGo: Handler = () => expect.unreachable();
    /** Another message of the event: it came after the event was given up, and its first delivery has left no trace. */
    const deliverAnother = (id: string, handler: Handler) =>
      run(setup(consumer, handler), [message(id, { attempt: 2, firstReceivedAt: givenUpAt + 30_000 })]);
    const giveUp = (id: string, change = {}) =>
      putRecord(id, {
        ...{ status: 'FAILED', dead: true, attempts: MAX, startedAt: givenUpAt - 1_000 },
        ...{ failedAt: givenUpAt, ...change },
      });

    it.each([
      [
        'was given back',
        async (id: string) => {
          let lost = 0;
          seen.afterwards = (command) => {
            if (command instanceof UpdateItemCommand && lost++ === 0) throw new Error('the answer is lost');
          };
          expect(await deliver(id, letGo, 3)).toHaveLength(1);
        },
      ],
      [
        'was sent to the dead-letter queue too',
        async (id: string) => expect(await deliver(id, letGo, 3)).toEqual([]),
      ],
      [
        'was not taken by the dead-letter queue',
        async (id: string) => {
          const refusing = sqsThat(() => Promise.reject(new Error('down')));
          expect(await deliver(id, letGo, 3, { sqs: refusing })).toHaveLength(1);
        },
      ],
      [
        'was in the hands of a process that died',
        (id: string) => giveUp(id, { status: 'IN_PROGRESS', attempts: MAX + 1, startedAt: Date.now() }),
      ],
    ])('begins a new count with another message, though the duplicate %s', async (_case, duplicate) => {
      const id = newId();
      await giveUp(id);
      await duplicate(id);
      seen.sqsCommands = [];
      expect(await deliverAnother(id, () => Promise.reject(new Error('still')))).toHaveLength(1);
      expect(await recordOf(id)).toMatchObject({ status: { S: 'FAILED' }, attempts: { N: '1' } });
      expect(deadLetters()).toEqual([]);
    });

    it('is none: it is only sent to the dead-letter queue', async () => {
      const refusing = sqsThat(() => Promise.reject(new Error('down')));
      for (const change of [{}, { status: 'IN_PROGRESS' }, { status: 'IN_PROGRESS', alone: true }]) {
        const id = newId();
        await giveUp(id, change);
        expect(await deliver(id, letGo, 3, { sqs: refusing })).toHaveLength(1);
        expect(await deliver(id, letGo, 4)).toEqual([]);
        const record = { status: { S: 'FAILED' }, attempts: { N: String(MAX) }, dead: { BOOL: true } };
        expect(await recordOf(id)).toMatchObject({ ...record, failedAt: { N: String(givenUpAt) } });
        expect(seen.reports.at(-1)?.items[0]?.attempt).toBe(MAX);
      }
    });

    it('is none, and the pauses grow while the dead-letter queue refuses it', async () => {
      const id = newId();
      await giveUp(id, { attempts: 1 });
      const pauses: unknown[] = [];
      const refusing = sqsThat(async (command) => {
        if (command instanceof SendMessageBatchCommand) throw new Error('down');
        if (command instanceof ChangeMessageVisibilityBatchCommand)
          pauses.push(command.input.Entries?.[0]?.VisibilityTimeout);
        return {};
      });
      for (const delivery of [2, 3, 4, 5]) await deliver(id, letGo, delivery, { sqs: refusing });
      expect(pauses).toEqual([2, 4, 8, 16]);
    });

    it('stays given up when another message takes it over from a process that died, and gives it back', async () => {
      const id = newId();
      const left = { status: 'IN_PROGRESS', attempts: MAX + 1, startedAt: Date.now() - 5_000 };
      await giveUp(id, left);
      seen.afterwards = (command) => {
        if (command instanceof UpdateItemCommand && !seen.warnings.length)
          throw new Error(`the answer is lost: ${seen.warnings.push('lost')}`);
      };
      expect(await deliverAnother(id, letGo)).toHaveLength(1);
      const record = { status: { S: 'IN_PROGRESS' }, dead: { BOOL: true }, attempts: { N: String(MAX + 1) } };
      expect(await recordOf(id)).toMatchObject({ ...record, startedAt: { N: String(left.startedAt) } });
      expect(await deliver(id, letGo, 4)).toEqual([]);
      expect(await recordOf(id)).toMatchObject({
        status: { S: 'FAILED' },
        attemptNotes: { L: [{ S: `${left.startedAt} - ${MAX + 1} ProcessDiedError` }] },
      });
    });
  });

  it('is not made again when it failed for good and the answer to the next claim was lost', async () => {
    const id = newId();
    const failing: Handler = () => {
      throw new PermanentError('for good');
    };
    await deliver(id, failing, 1, { sqs: sqsThat(() => Promise.reject(new Error('down'))) });
    let lost = 0;
    seen.afterwards = (command) => {
      if (command instanceof UpdateItemCommand && lost++ === 0) throw new Error('the answer is lost');
    };
    expect(await deliver(id, () => expect.unreachable(), 2)).toHaveLength(1);
    expect(await deliver(id, () => expect.unreachable(), 3)).toEqual([]);
    expect(deadLetters()).toMatchObject([{ id, errorMessage: 'for good' }]);
  });

  it('that ends late does not take back what later ones have counted', async () => {
    const id = newId();
    const late: Handler = async () => {
      await putRecord(id, { status: 'FAILED', attempts: 2, failedAt: Date.now() });
      throw new Error('late');
    };
    await deliver(id, late, 1);
    expect(await recordOf(id)).toMatchObject({ attempts: { N: '2' } });
  });

  it('that emits other data under the ids of an earlier one is logged', async () => {
    const id = newId();
    const failing =
      (...numbers: number[]): Handler =>
      (_event, ctx) => {
        for (const n of numbers) ctx.emit(Answered, { n });
        throw new Error('afterwards');
      };
    await deliver(id, failing(1, 2), 1);
    await deliver(id, failing(1, 2), 2);
    expect(seen.warnings).toEqual([]);
    await deliver(id, failing(1, 3), 3);
    expect(seen.warnings).toEqual([expect.stringContaining('emits other data under the same ids')]);
  });
});

describe('a first delivery without a claim, whose message was sent to the dead-letter queue meanwhile', () => {
  const givenUpAt = Date.now() - 60_000;
  it.each<[string, Handler]>([
    ['commits nothing', commitEffect],
    ['takes no count back', () => Promise.reject(new Error('late'))],
  ])('%s', async (_case, end) => {
    const id = newId();
    const record = {
      status: 'FAILED',
      dead: true,
      attempts: MAX,
      startedAt: givenUpAt - 1,
      failedAt: givenUpAt,
    };
    await putRecord(id, record);
    const slow: Handler = async (event, ctx) => {
      const again = message(id, { attempt: 2, firstReceivedAt: givenUpAt - 1_000 });
      expect(
        await run(
          setup(committer, () => expect.unreachable()),
          [again],
        ),
      ).toEqual([]);
      await end(event, ctx);
    };
    await run(setup(committer, slow), [message(id)]);
    expect(deadLetters()).toMatchObject([{ id }]);
    expect(await effectsOf(id)).toBe(0);
    expect(await recordOf(id)).toMatchObject({
      ...{ status: { S: 'FAILED' }, dead: { BOOL: true } },
      attempts: { N: String(MAX) },
    });
  });
});

describe('on a FIFO queue', () => {
  it('what another invocation has committed is not published before what blocks its group', async () => {
    const [busy, committed] = [newId(), newId()];
    await putRecord(busy, { leaseUntil: Date.now() + 60_000 });
    await run(setup(claimer, emitOnly, { publisher: REFUSES }), [message(committed, { group: 'g' })]);
    const records = [busy, committed].map((id) => message(id, { group: 'g', attempt: 2 }));
    expect(await run(setup(claimer, emitOnly), records)).toHaveLength(2);
    expect(seen.published).toEqual([]);
    expect(await recordOf(committed)).toMatchObject({ status: { S: 'COMMITTED' } });
  });

  it('an event that is done does not let the next one overtake the one before it that comes again', async () => {
    const [first, done, next] = [newId(), newId(), newId()];
    await putRecord(done, { status: 'COMPLETED' });
    const handled: string[] = [];
    const failing: Handler = (event) => {
      handled.push(event.id);
      throw new Error('no');
    };
    const records = [first, done, next].map((id) => message(id, { group: 'g' }));
    expect(await run(setup(claimer, failing), records)).toHaveLength(2);
    expect(handled).toEqual([first]);
  });

  const consumer = defineConsumer({ ...claimer, retry: { maxAttempts: MAX } });

  it('what has two groups holds up both: what is behind it in either waits for it', async () => {
    const [failing, twice, behind] = [newId(), newId(), newId()];
    const handled: string[] = [];
    const handler: Handler = ({ id }) => {
      if (id === failing) throw new Error('not now');
      handled.push(id);
    };
    const records = [
      message(failing, { group: 'b' }),
      message(twice, { group: 'b' }),
      message(twice, { group: 'a' }),
      message(behind, { group: 'a' }),
    ];
    expect(await run(setup(claimer, handler), records)).toHaveLength(4);
    expect(handled).toEqual([]);
    const again = [
      message(twice, { group: 'b', attempt: 2 }),
      message(twice, { group: 'a', attempt: 2 }),
      message(behind, { group: 'a', attempt: 2 }),
    ];
    expect(await run(setup(claimer, handler), again)).toHaveLength(2);
    expect(handled).toEqual([twice]);
    expect(await run(setup(claimer, handler), again.slice(1))).toEqual([]);
    expect(handled).toEqual([twice, behind]);
  });

  it('a head that always fails takes nothing of its group along: the rest waits, at no attempt, and is then handled', async () => {
    const ids = ['head', 'second', 'third'].map((name) => `${newId()}-${name}`);
    const handled: string[] = [];
    const handler: Handler = (event) => {
      handled.push(event.id);
      if (event.id.endsWith('head')) throw new Error('always');
    };
    let records = ids.map((id) => message(id, { group: 'g' }));
    for (let delivery = 1; records.length > 0 && delivery < 10; delivery++) {
      const left = new Set(await run(setup(consumer, handler), records));
      records = records
        .filter(({ messageId }) => left.has(messageId))
        .map((record) => ({
          ...record,
          attributes: { ...record.attributes, ApproximateReceiveCount: String(delivery + 1) },
        }));
    }
    expect(handled).toEqual([ids[0], ids[0], ids[0], ids[1], ids[2]]);
    expect(deadLetters()).toMatchObject([{ id: ids[0], errorMessage: 'always' }]);
    expect(await recordOf(ids[2] ?? '')).toMatchObject({ attempts: { N: '1' } });
  });

  it('an event that fails for good is in the dead-letter queue before the next of its group is handled', async () => {
    const [dead, next] = [newId(), newId()];
    const buriedFirst: boolean[] = [];
    const handler: Handler = (event) => {
      if (event.id === dead) throw new PermanentError('no');
      buriedFirst.push(deadLetters().some(({ id }) => id === dead));
    };
    const records = [message(dead, { group: 'g' }), message(next, { group: 'g' })];
    expect(await run(setup(consumer, handler), records)).toEqual([]);
    expect(buriedFirst).toEqual([true]);
  });

  it('one that the dead-letter queue does not take blocks its group, and no other', async () => {
    const [dead, next, other] = [newId(), newId(), newId()];
    const handled: string[] = [];
    const handler: Handler = (event) => {
      handled.push(event.id);
      if (event.id === dead) throw new PermanentError('no');
    };
    const records = [
      message(dead, { group: 'g' }),
      message(next, { group: 'g' }),
      message(other, { group: 'h' }),
    ];
    const refusing = sqsThat(() => Promise.reject(new Error('down')));
    expect(await run(setup(consumer, handler, { sqs: refusing }), records)).toEqual([
      records[0]?.messageId,
      records[1]?.messageId,
    ]);
    expect(handled.toSorted()).toEqual([dead, other].toSorted());
  });

  it('an unreadable message that the dead-letter queue does not take blocks its group, and no other', async () => {
    const [next, other] = [newId(), newId()];
    const handled: string[] = [];
    const records = [
      message('x', { body: '{', group: 'g' }),
      message(next, { group: 'g' }),
      message(other, { group: 'h' }),
    ];
    const refusing = sqsThat(() => Promise.reject(new Error('down')));
    const handler: Handler = (event) => void handled.push(event.id);
    expect((await run(setup(consumer, handler, { sqs: refusing }), records)).toSorted()).toEqual(
      [records[0]?.messageId, records[1]?.messageId].toSorted(),
    );
    expect(handled).toEqual([other]);
  });

  it('an unreadable message whose burial has no answer takes no time from the handlers of other groups', async () => {
    const [next, other] = [newId(), newId()];
    const records = [
      message(newId(), { group: 'g', body: '{' }),
      message(next, { group: 'g' }),
      message(other, { group: 'h' }),
    ];
    const silent = sqsThat((command) =>
      command instanceof SendMessageBatchCommand ? new Promise(() => undefined) : Promise.resolve({}),
    );
    const left = await run(
      setup(consumer, () => undefined, { sqs: silent }),
      records,
      2_000,
    );
    expect(left.toSorted()).toEqual([records[0]?.messageId, records[1]?.messageId].toSorted());
    expect(await recordOf(other)).toMatchObject({ status: { S: expect.stringMatching(/^COMPLETED/) } });
  });

  it('a burial that has no answer takes no time from the settlements of other groups', async () => {
    const [dead, next, other] = [newId(), newId(), newId()];
    const handler: Handler = (event) => {
      if (event.id === dead) throw new PermanentError('no');
    };
    const records = [
      message(dead, { group: 'g' }),
      message(next, { group: 'g' }),
      message(other, { group: 'h' }),
    ];
    const silent = sqsThat((command) =>
      command instanceof SendMessageBatchCommand ? new Promise(() => undefined) : Promise.resolve({}),
    );
    const left = await run(setup(consumer, handler, { sqs: silent }), records, 2_000);
    expect(left).toEqual([records[0]?.messageId, records[1]?.messageId]);
    expect(await recordOf(other)).toMatchObject({ status: { S: expect.stringMatching(/^COMPLETED/) } });
  });
});
