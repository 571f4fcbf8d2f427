import { expect, it } from 'vitest';
import type { BatchItem, Outcome } from '../../../../lib/runtime/batch/batch-item.ts';
import type { Breaker } from '../../../../lib/runtime/breaker/process-breaker.ts';
import { PermanentError, TransientError } from '../../../../lib/runtime/errors.ts';
import { completed, createRig, failed, itemOf, START, stateOf } from './rig.ts';

const down = new TransientError('the bank is down');
const broken = new RangeError('no such field');

/** Ends the handlers of one batch, in this order, and decides. */
async function runBatch(breaker: Breaker, ended: readonly (readonly [BatchItem, Outcome])[]) {
  const gate = breaker.gate();
  for (const [item, outcome] of ended) item.outcome = gate.judge(item, outcome);
  await gate.conclude(
    ended.map(([item]) => item),
    Number.POSITIVE_INFINITY,
  );
  return ended.map(([{ outcome }]) => outcome?.status);
}

it('makes no request while handlers complete, nor for failures that say nothing of others', async () => {
  const { rig, breaker } = createRig();
  const gate = breaker.gate();
  expect(await gate.admits(0)).toBe(true);
  expect(
    await runBatch(breaker, [
      [itemOf('a'), completed],
      [itemOf('b'), failed(broken)],
    ]),
  ).toEqual(['completed', 'failed']);
  expect(rig).toMatchObject({ looks: 0, sent: [] });
});

it('counts the attempt of a failure that looks like an outage, after one look at the state', async () => {
  const { rig, breaker } = createRig();
  expect(
    await runBatch(breaker, [
      [itemOf('a'), failed(down)],
      [itemOf('b'), failed(down)],
    ]),
  ).toEqual(['failed', 'failed']);
  expect(rig).toMatchObject({ looks: 1, sent: [] });
});

it('opens at its limit: tells the controller once, and no failure of the batch that looks like an outage counts', async () => {
  const { rig, breaker } = createRig();
  rig.state = stateOf({ intake: 'flowing', version: 4 });
  const items = ['a', 'b', 'c'].map((id) => [itemOf(id), failed(down)] as const);
  const own = [itemOf('d'), failed(broken)] as const;
  expect(await runBatch(breaker, [...items, own])).toEqual(['released', 'released', 'released', 'failed']);
  expect(rig.sent).toEqual([
    {
      kind: 'trip',
      consumer: 'payroll',
      functionName: 'payroll-function',
      queueUrl: 'payroll-queue',
      queueArn: 'arn:aws:sqs:eu-west-1:1:queue',
      at: START,
      reason: '3 different events failed in a row, the last: TransientError: the bank is down',
      cause: 'outage',
      version: 4,
      probeEverySeconds: 30,
      timeoutSeconds: 20,
    },
  ]);
  expect(items[0]?.[0].outcome).toMatchObject({
    error: { name: 'BreakerOpenError', delaySeconds: 15, grows: true, cause: down },
  });
  expect(rig.lines).toEqual(['the breaker opens: events wait, and count no attempt, until a probe succeeds']);
});

it('lets no further handler of the batch begin once it has to open', () => {
  const { breaker } = createRig({ after: 1 });
  const gate = breaker.gate();
  expect(gate.stop()).toBeUndefined();
  gate.judge(itemOf('a'), failed(down));
  expect(gate.stop()).toMatchObject({ name: 'BreakerOpenError', delaySeconds: 15 });
});

it('spares different events that fail alike, those at their last attempt included', async () => {
  const { rig, breaker } = createRig({ after: 2 });
  const ended = [
    [itemOf('a', { attempt: 5 }), failed(broken)],
    [itemOf('b'), failed(broken)],
    [itemOf('c'), failed(new SyntaxError('x'))],
  ] as const;
  expect(await runBatch(breaker, ended)).toEqual(['released', 'released', 'failed']);
  expect(rig.sent).toMatchObject([{ cause: 'alike' }]);
});

it('releases what failed, and sends nothing, when others have opened it before', async () => {
  const { rig, breaker } = createRig();
  rig.state = stateOf({ version: 2 });
  expect(await runBatch(breaker, [[itemOf('a'), failed(down)]])).toEqual(['released']);
  expect(rig.sent).toEqual([]);
  expect(breaker.stopped).toEqual({ at: START, reason: 'the bank is down', version: 2 });
});

it('lets an event die of its own error at its last attempt', async () => {
  const { breaker } = createRig();
  expect(await runBatch(breaker, [[itemOf('a', { attempt: 5 }), failed(broken)]])).toEqual(['deadLettered']);
});

it('spares it when others have opened the breaker for errors of this name: one look before it is final', async () => {
  const { rig, breaker } = createRig();
  rig.state = stateOf({ version: 2, cause: 'alike', errorName: 'RangeError' });
  const ended = [
    [itemOf('a', { attempt: 5 }), failed(broken)],
    [itemOf('b', { attempt: 5 }), failed(new SyntaxError('x'))],
  ] as const;
  expect(await runBatch(breaker, ended)).toEqual(['released', 'deadLettered']);
  expect(rig).toMatchObject({ looks: 1, sent: [] });
});

it('spares it also when the name of the error is longer than the state keeps it', async () => {
  const { rig, breaker } = createRig({ after: 2 });
  const named = Object.assign(new Error('x'), { name: `\uFFFF${'N'.repeat(600)}` });
  const ended = [
    [itemOf('a', { attempt: 5 }), failed(named)],
    [itemOf('b'), failed(named)],
  ] as const;
  expect(await runBatch(breaker, ended)).toEqual(['released', 'released']);
  const errorName = `\uFFFD${'N'.repeat(511)}`;
  expect(rig.sent).toMatchObject([{ errorName }]);
  const another = createRig();
  another.rig.state = stateOf({ version: 2, cause: 'alike', errorName });
  expect(await runBatch(another.breaker, [[itemOf('c', { attempt: 5 }), failed(named)]])).toEqual([
    'released',
  ]);
});

it('does not spare it when the breaker is open for an outage: the error is its own', async () => {
  const { rig, breaker } = createRig();
  rig.state = stateOf({ version: 2, cause: 'outage' });
  expect(await runBatch(breaker, [[itemOf('a', { attempt: 5 }), failed(broken)]])).toEqual(['deadLettered']);
});

it('lets it die when the state cannot be read, as without a breaker', async () => {
  const { rig, breaker } = createRig();
  rig.readable = false;
  expect(await runBatch(breaker, [[itemOf('a', { attempt: 5 }), failed(broken)]])).toEqual(['deadLettered']);
});

it('lets an event die of a PermanentError at once', async () => {
  const { breaker } = createRig();
  const dead: Outcome = { status: 'deadLettered', error: new PermanentError('no'), digests: [] };
  expect(await runBatch(breaker, [[itemOf('a'), dead]])).toEqual(['deadLettered']);
});

it('opens for the last attempt of an event when nothing shows that anything has worked', async () => {
  const { rig, breaker } = createRig();
  const last = itemOf('a', { attempt: 5, failedBefore: START - 60_000 });
  expect(await runBatch(breaker, [[last, failed(down)]])).toEqual(['released']);
  expect(rig.sent).toMatchObject([
    {
      cause: 'outage',
      reason:
        'the last attempt of an event failed, and nothing has succeeded since the one before: TransientError: the bank is down',
    },
  ]);
});

it('buries it when another event has succeeded in this process after its attempt before', async () => {
  const { rig, breaker } = createRig();
  await runBatch(breaker, [[itemOf('healthy'), completed]]);
  const last = itemOf('a', { attempt: 5, failedBefore: START - 1 });
  expect(await runBatch(breaker, [[last, failed(down)]])).toEqual(['deadLettered']);
  expect(rig.sent).toEqual([]);
});

it('does not bury it for a success that was before that attempt', async () => {
  const { breaker } = createRig();
  await runBatch(breaker, [[itemOf('healthy'), completed]]);
  const last = itemOf('a', { attempt: 5, failedBefore: START });
  expect(await runBatch(breaker, [[last, failed(down)]])).toEqual(['released']);
});

it('buries it when another event of its batch succeeds after it has failed', async () => {
  const { breaker } = createRig();
  const last = itemOf('a', { attempt: 5, failedBefore: START - 1 });
  expect(
    await runBatch(breaker, [
      [last, failed(down)],
      [itemOf('healthy'), completed],
    ]),
  ).toEqual(['deadLettered', 'completed']);
});

it('buries it when a probe has succeeded after its attempt before', async () => {
  const { rig, breaker } = createRig();
  rig.state = stateOf({ intake: 'flowing', closedAt: START });
  const last = itemOf('a', { attempt: 5, failedBefore: START - 1 });
  expect(await runBatch(breaker, [[last, failed(down)]])).toEqual(['deadLettered']);
});

it.each([
  ['a probe that succeeded before its attempt before', { closedAt: START - 1 }],
  ['an operator who has resumed the consumer', { closedAt: START, by: 'anna' }],
])('does not bury it for %s', async (_, change) => {
  const { rig, breaker } = createRig();
  rig.state = stateOf({ intake: 'flowing', ...change });
  const last = itemOf('a', { attempt: 5, failedBefore: START - 1 });
  expect(await runBatch(breaker, [[last, failed(down)]])).toEqual(['released']);
});

it('buries nothing when the state cannot be read', async () => {
  const { rig, breaker } = createRig();
  rig.readable = false;
  const last = itemOf('a', { attempt: 5, failedBefore: START - 1 });
  expect(await runBatch(breaker, [[last, failed(down)]])).toEqual(['released']);
  expect(rig.sent).toMatchObject([{ version: 0 }]);
});

it('with one attempt, wants a success since the message was first received', async () => {
  const { breaker } = createRig({ maxAttempts: 1 });
  expect(await runBatch(breaker, [[itemOf('a'), failed(down)]])).toEqual(['released']);
});

it('leaves a failure alone that the record does not know', async () => {
  const { rig, breaker } = createRig({ after: 1 });
  const lost: Outcome = { status: 'failed', error: down, recorded: false, digests: [] };
  expect(await runBatch(breaker, [[itemOf('a'), lost]])).toEqual(['failed']);
  expect(rig.looks).toBe(0);
});

it.each([
  [
    'counts the attempts of events that failed alike before a probe has succeeded',
    START,
    'failed',
    'deadLettered',
  ],
  ['gives back those of events that failed alike after it', START - 3, 'released', 'released'],
])('%s, when it opens for them once more', async (_, closedAt, early, last) => {
  const { rig, breaker } = createRig({ after: 2 });
  rig.state = stateOf({ intake: 'flowing', closedAt });
  const ended = [
    [itemOf('a', { attempt: 2, failedBefore: START - 2 }), failed(broken)],
    [itemOf('b', { attempt: 5, failedBefore: START - 2 }), failed(broken)],
  ] as const;
  expect(await runBatch(breaker, ended)).toEqual([early, last]);
  expect(rig.sent).toMatchObject([{ cause: 'alike' }]);
});
