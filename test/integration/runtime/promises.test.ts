import {
  BatchExecuteStatementCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { ConsumerSetup } from '../../../lib/runtime/batch/consumer-setup.ts';
import type { Handlers } from '../../../lib/runtime/consume.ts';
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
  putRecord,
  REFUSES,
  recordOf,
  run,
  seen,
  setup,
  useRig,
} from './rig.ts';

useRig();

describe('the cost of ten unique events', () => {
  const ten = () => Array.from({ length: 10 }, () => message(newId()));

  it('is one request to claim and one to settle', async () => {
    expect(
      await run(
        setup(claimer, () => undefined),
        ten(),
      ),
    ).toEqual([]);
    expect(seen.requests).toEqual(['BatchExecuteStatementCommand', 'BatchExecuteStatementCommand']);
  });

  it('is one transaction each and nothing more with effects: commit', async () => {
    expect(await run(setup(committer, commitEffect), ten())).toEqual([]);
    expect(seen.requests).toEqual(Array.from({ length: 10 }, () => 'TransactWriteItemsCommand'));
  });

  it('is one request more for fifty events than for ten', async () => {
    await run(
      setup(claimer, () => undefined),
      [...ten(), ...ten(), ...ten()],
    );
    expect(seen.requests).toHaveLength(4);
  });
});

describe.each(BOTH)('with effects: %s', (_, definition) => {
  it('an event delivered again is acknowledged and has no second effect', async () => {
    const id = newId();
    await run(setup(definition, commitEffect), [message(id)]);
    expect(await run(setup(definition, commitEffect), [message(id)])).toEqual([]);
    expect(await effectsOf(id)).toBe(1);
    expect(seen.reports[1]?.items[0]?.outcome?.status).toBe('duplicate');
  });

  it('an event that a batch carries twice is handled once, and shares its outcome', async () => {
    const id = newId();
    expect(await run(setup(definition, commitEffect), [message(id), message(id)])).toEqual([]);
    expect(await effectsOf(id)).toBe(1);
    const failing = newId();
    const twice = [message(failing), message(failing)];
    expect(
      await run(
        setup(definition, () => Promise.reject(new Error('no'))),
        twice,
      ),
    ).toHaveLength(2);
  });

  it('a commit whose answer is lost is found out, not done again', async () => {
    const id = newId();
    seen.afterwards = (command) => {
      if (!(command instanceof TransactWriteItemsCommand)) return;
      seen.afterwards = () => undefined;
      throw Object.assign(new Error('the answer was lost'), { name: 'TimeoutError' });
    };
    expect(await run(setup(definition, commitEffect), [message(id)])).toEqual([]);
    expect(await effectsOf(id)).toBe(1);
    expect(await recordOf(id)).toMatchObject({ status: { S: expect.stringMatching(/^COMPLETED /) } });
  });

  it('what was emitted is published after the commit, always under the same id, as part of the story', async () => {
    const id = newId();
    let publishedAtCommit: number | undefined;
    seen.afterwards = (command) => {
      if (command instanceof TransactWriteItemsCommand) publishedAtCommit = seen.published.length;
    };
    await run(setup(definition, emitAndCommit), [message(id)]);
    expect(publishedAtCommit).toBe(0);
    expect(seen.published).toMatchObject([
      {
        type: 'test.Answered.v1',
        source: `/consumers/${definition.name}`,
        correlationid: 'story',
        causationid: id,
        data: { n: 1 },
      },
    ]);
    expect(await recordOf(id)).toMatchObject({ status: { S: expect.stringMatching(/^COMPLETED /) } });
    expect((await recordOf(id))?.outbox).toBeUndefined();
  });

  it('a record tells what happened to which event of which story, in less than one write unit', async () => {
    const id = newId();
    const before = Date.now();
    await run(setup(definition, emitAndCommit), [message(id)]);
    const record = (await recordOf(id)) ?? expect.fail('there is no record');
    expect(record).toMatchObject({ type: { S: 'test.Asked.v1' }, correlationId: { S: 'story' } });
    const [status, at, ...emitted] = record.status?.S?.split(' ') ?? [];
    expect([status, ...emitted]).toEqual(['COMPLETED', 'test.Answered.v1']);
    expect(Number(record.startedAt?.N)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(at ?? '')).toBeGreaterThanOrEqual(Number(record.startedAt?.N));
    expect(JSON.stringify(record).length).toBeLessThan(1_024);
  });

  it('a record tells when it failed, and of which story', async () => {
    const id = newId();
    await run(
      setup(definition, () => Promise.reject(new Error('no'))),
      [message(id)],
    );
    const record = await recordOf(id);
    expect(record).toMatchObject({
      status: { S: 'FAILED' },
      correlationId: { S: 'story' },
      type: { S: 'test.Asked.v1' },
    });
    expect(Number(record?.failedAt?.N)).toBeGreaterThan(Date.now() - 60_000);
  });

  it('events of a commit that were not published are, at the next delivery, under their ids', async () => {
    const id = newId();
    expect(await run(setup(definition, emitAndCommit, { publisher: REFUSES }), [message(id)])).toHaveLength(
      1,
    );
    expect(await recordOf(id)).toMatchObject({ status: { S: 'COMMITTED' } });
    expect(await run(setup(definition, emitAndCommit), [message(id)])).toEqual([]);
    expect(seen.published).toMatchObject([{ causationid: id }]);
    expect(await effectsOf(id)).toBe(1);
    expect(await recordOf(id)).toMatchObject({ status: { S: expect.stringMatching(/^COMPLETED /) } });
  });

  it('a commit that is rejected has no effect, forgets what was emitted, and may be followed by another', async () => {
    const id = newId();
    const handler: Handler = async (event, ctx) => {
      ctx.emit(Answered, { n: 1 });
      const impossible = {
        ConditionCheck: {
          TableName: 'effects',
          Key: { id: { S: 'never' } },
          ConditionExpression: 'attribute_exists(id)',
        },
      };
      await expect(ctx.commit([countEffect(ctx, event.id), impossible])).rejects.toSatisfy(
        (error) => error instanceof CommitRejectedError && !error.rejects(0) && error.rejects(1),
      );
      ctx.emit(Answered, { n: 2 });
      await ctx.commit([]);
    };
    expect(await run(setup(definition, handler), [message(id)])).toEqual([]);
    expect(await effectsOf(id)).toBe(0);
    expect(seen.published.map(({ data }) => data)).toEqual([{ n: 2 }]);
  });

  it('a throw after the commit changes nothing: the event is done', async () => {
    const id = newId();
    const handler: Handler = async (event, ctx) => {
      await commitEffect(event, ctx);
      throw new Error('too late');
    };
    expect(await run(setup(definition, handler), [message(id)])).toEqual([]);
    expect(await effectsOf(id)).toBe(1);
  });

  it('a failure is recorded with its reason and tried again after a pause with jitter; then it can succeed', async () => {
    const id = newId();
    await putRecord(id, { status: 'FAILED', attempts: 2 });
    expect(
      await run(
        setup(definition, () => Promise.reject(new Error('not now'))),
        [message(id, { attempt: 7 })],
      ),
    ).toHaveLength(1);
    expect(await recordOf(id)).toMatchObject({
      status: { S: 'FAILED' },
      attempts: { N: '3' },
      error: { M: { message: { S: 'not now' } } },
    });
    const [change] = seen.sqsCommands;
    // 2 s doubled twice, and half of it by the test's chance.
    expect(
      change instanceof ChangeMessageVisibilityBatchCommand && change.input.Entries?.[0]?.VisibilityTimeout,
    ).toBe(4);
    expect(await run(setup(definition, commitEffect), [message(id, { attempt: 8 })])).toEqual([]);
    expect(await effectsOf(id)).toBe(1);
    expect(await recordOf(id)).toMatchObject({ status: { S: expect.stringMatching(/^COMPLETED /) } });
  });

  it('what can never succeed goes to the dead-letter queue at once, and the rest of the batch is done', async () => {
    const [bad, good] = [newId(), newId()];
    const handler: Handler = async (event, ctx) => {
      if (event.id === bad) throw new PermanentError('never');
      await commitEffect(event, ctx);
    };
    expect(
      await run(setup(definition, handler), [message(bad), message(good), message('x', { body: '{' })]),
    ).toEqual([]);
    expect(
      deadLetters()
        .map(({ errorName }) => errorName)
        .toSorted(),
    ).toEqual(['PermanentError', 'UnreadableEventError']);
    expect(await effectsOf(good)).toBe(1);
    expect(await recordOf(bad)).toMatchObject({ status: { S: 'FAILED' } });
  });

  it('a handler that does not heed its deadline is left behind, and the batch is answered in time', async () => {
    const [slow, fast] = [newId(), newId()];
    let aborted = false;
    const handler: Handler = async (event, ctx) => {
      if (event.id === fast) return commitEffect(event, ctx);
      ctx.signal.addEventListener('abort', () => {
        aborted = true;
      });
      await new Promise(() => undefined);
    };
    const slowMessage = message(slow);
    expect(await run(setup(definition, handler), [slowMessage, message(fast)], 1_500)).toEqual([
      slowMessage.messageId,
    ]);
    expect(aborted).toBe(true);
    expect(await effectsOf(fast)).toBe(1);
    expect(await recordOf(slow)).toMatchObject({ error: { M: { name: { S: 'DeadlineExceededError' } } } });
  });

  it('on a FIFO queue, a group keeps its order and waits behind its failure; other groups go on', async () => {
    const order: string[] = [];
    const handler: Handler = async (event) => {
      order.push(event.id);
      if (event.id.endsWith('bad')) throw new Error('no');
    };
    const [a1, a2, a3, b1] = ['a1', 'a2-bad', 'a3', 'b1'].map((name) => `${newId()}-${name}`);
    const records = [
      message(a1 ?? '', { group: 'a' }),
      message(a2 ?? '', { group: 'a' }),
      message(a3 ?? '', { group: 'a' }),
      message(b1 ?? '', { group: 'b' }),
    ];
    const failed = await run(setup(definition, handler), records);
    expect(failed).toEqual([records[1]?.messageId, records[2]?.messageId]);
    expect(order.filter((id) => id !== b1)).toEqual([a1, a2]);
    expect(order).toContain(b1);
  });
});

describe('a claim', () => {
  it('that DynamoDB cannot answer means no work: the messages stay', async () => {
    const broken = {
      send: () => Promise.reject(new Error('down')),
    } as unknown as ConsumerSetup['ports']['dynamodb'];
    let handled = 0;
    const failed = await run(
      setup(claimer, () => void handled++, { dynamodb: broken }),
      [message(newId()), message(newId())],
    );
    expect([failed.length, handled]).toEqual([2, 0]);
  });

  it('whose answer is lost, and is sent again, is recognised as our own', async () => {
    const id = newId();
    const consumer = setup(claimer, commitEffect);
    const twice = async (command: object) => {
      if (command instanceof BatchExecuteStatementCommand) await client.send(command);
      return client.send(command as never);
    };
    const ports = {
      ...consumer.ports,
      dynamodb: { send: twice } as unknown as ConsumerSetup['ports']['dynamodb'],
    };
    expect(await run({ ...consumer, ports }, [message(id)])).toEqual([]);
    expect(await effectsOf(id)).toBe(1);
  });

  it('of another invocation that is still at work leaves the message for later', async () => {
    const id = newId();
    await putRecord(id, { leaseUntil: Date.now() + 60_000 });
    expect(await run(setup(claimer, commitEffect), [message(id)])).toHaveLength(1);
    expect(await effectsOf(id)).toBe(0);
  });

  it.each<[string, Parameters<typeof putRecord>[1], number]>([
    ['whose lease has run out is replaced', { leaseUntil: 1 }, 1],
    ['that has failed before is replaced', { status: 'FAILED', failedAt: 1 }, 1],
    ['of an earlier release that has failed is replaced', { status: 'FAILED' }, 1],
    ['that TTL should have removed is replaced', { status: 'COMPLETED', expiresAt: 1 }, 1],
    ['that has failed in the meantime stays', { status: 'FAILED', failedAt: Number.MAX_SAFE_INTEGER }, 0],
    ['that is still held stays', { leaseUntil: Number.MAX_SAFE_INTEGER }, 0],
    ['that is done stays', { status: 'COMPLETED' }, 0],
  ])('%s by a commit that comes without a claim', async (_, state, effects) => {
    const id = newId();
    await putRecord(id, state);
    await run(setup(committer, commitEffect), [message(id)]);
    expect(await effectsOf(id)).toBe(effects);
    const { status } = (await recordOf(id)) ?? {};
    if (effects === 1) expect(status?.S).toMatch(/^COMPLETED 2/);
  });

  it.each([
    ['whose lease has run out', { leaseUntil: Date.now() - 1 }, '2'],
    ['that has failed', { status: 'FAILED' }, '2'],
    [
      'that TTL should have removed, as if there were none',
      { status: 'COMPLETED', attempts: 4, expiresAt: 1 },
      '1',
    ],
  ])('%s is taken over', async (_, state, attempts) => {
    const id = newId();
    await putRecord(id, state);
    expect(await run(setup(claimer, commitEffect), [message(id, { attempt: 2 })])).toEqual([]);
    expect(await effectsOf(id)).toBe(1);
    expect(await recordOf(id)).toMatchObject({ attempts: { N: attempts } });
  });

  it('that was taken over in the middle can commit nothing any more', async () => {
    const id = newId();
    const handler: Handler = async (event, ctx) => {
      await client.send(
        new UpdateItemCommand({
          TableName: 'records',
          Key: { id: { S: `/test|${id}` } },
          UpdateExpression: 'SET #owner = :other',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':other': { S: 'another' } },
        }),
      );
      await commitEffect(event, ctx);
    };
    expect(await run(setup(claimer, handler), [message(id)])).toHaveLength(1);
    expect(await effectsOf(id)).toBe(0);
    expect(await recordOf(id)).toMatchObject({ owner: { S: 'another' }, status: { S: 'IN_PROGRESS' } });
  });
});

it('keeps a record under one write unit, whatever the error says', async () => {
  const id = newId();
  await run(
    setup(claimer, () => Promise.reject(new Error('x'.repeat(10_000)))),
    [message(id)],
  );
  expect(JSON.stringify(await recordOf(id)).length).toBeLessThan(1_024);
});

it('gives handlers types: data by the contract, tables by the definition, a key for every event', () => {
  expectTypeOf<Parameters<Handler>[0]['data']>().toEqualTypeOf<{ n: number }>();
  expectTypeOf<keyof Parameters<Handler>[1]['tables']>().toEqualTypeOf<'effects'>();
  expectTypeOf<Record<never, never>>().not.toExtend<Handlers<typeof claimer>>();
});
