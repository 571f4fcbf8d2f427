import { expect, it } from 'vitest';
import { createController } from '../../../lib/intake/controller/create-controller.ts';
import { createRig, messageOf, START, stateOf, TRIP } from './rig.ts';

const recordOf = (body: unknown, sentAt = START) => ({
  messageId: 'm',
  receiptHandle: 'h',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: { SentTimestamp: String(sentAt) },
});
const KEPT = { batchItemFailures: [{ itemIdentifier: 'm' }] };

it('keeps the message, hidden until the next tick; before that long enough for a probe', async () => {
  const { rig, ports } = createRig();
  expect(await createController(ports)({ Records: [recordOf(TRIP)] })).toEqual(KEPT);
  expect(rig.hidden).toEqual([
    ['h', 90],
    ['h', 30],
  ]);
});

it('is done with a message when the intake flows', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ intake: 'flowing' });
  expect(await createController(ports)({ Records: [recordOf(TRIP)] })).toEqual({ batchItemFailures: [] });
});

it('sends a message anew after a week, which is half of what the queue keeps it', async () => {
  const { rig, ports } = createRig();
  const handler = createController(ports);
  rig.now = START + 7 * 86_400_000;
  expect(await handler({ Records: [recordOf(TRIP)] })).toEqual(KEPT);
  rig.now += 1;
  expect(await handler({ Records: [recordOf(TRIP)] })).toEqual({ batchItemFailures: [] });
  expect(rig.renewed).toEqual([TRIP]);
});

it.each([
  ['no JSON', '{'],
  ['no object', '7'],
  ['of a kind that there is not', { ...TRIP, kind: 'stop' }],
  ['without a function', { ...TRIP, functionName: undefined }],
  ['with a version that is no number', { ...TRIP, version: '1' }],
])('puts a message away that is %s', async (_, body) => {
  const { rig, ports } = createRig();
  const record = recordOf(body);
  expect(await createController(ports)({ Records: [record] })).toEqual({ batchItemFailures: [] });
  expect(rig.buried).toEqual([record.body]);
});

it('tries a tick again that fails, after ten seconds, and lets the failure be seen', async () => {
  const { rig, ports } = createRig();
  const failing = { ...ports, setPolling: async () => Promise.reject(new Error('no answer')) };
  await expect(createController(failing)({ Records: [recordOf(TRIP)] })).rejects.toThrow('no answer');
  expect(rig.hidden.at(-1)).toEqual(['h', 10]);
  expect(rig.lines).toContain('the tick has failed; it is tried again');
});

it('takes a pause', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ intake: 'paused', until: START + 45_000 });
  const pause = { kind: 'pause', consumer: 'payroll', functionName: 'f', queueUrl: 'q', at: START };
  expect(await createController(ports)({ Records: [recordOf(pause)] })).toEqual(KEPT);
  expect(rig.hidden).toEqual([
    ['h', 60],
    ['h', 45],
  ]);
});

it('hides the message again before each further probe, so that no second tick begins beside it', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ nextProbeAt: START });
  rig.queue = ['a', 'b', 'c'].map((id) => messageOf(id));
  rig.answers = ['a', 'b', 'c'].map(() => ({ answer: 'undecided', keeps: false }) as const);
  await createController(ports)({ Records: [recordOf({ ...TRIP, timeoutSeconds: 300 })] });
  expect(rig.hidden).toEqual([
    ['h', 370],
    ['h', 370],
    ['h', 370],
    ['h', 30],
  ]);
});

it('says why a tick has failed even if its message cannot be hidden any more', async () => {
  const { rig, ports } = createRig();
  let hidden = 0;
  const failing = {
    ...ports,
    setPolling: async () => Promise.reject(new Error('no answer')),
    hide: async () =>
      hidden++ > 0 ? Promise.reject(new Error('the receipt handle has expired')) : undefined,
  };
  await expect(createController(failing)({ Records: [recordOf(TRIP)] })).rejects.toThrow('no answer');
  expect(rig.lines).toContain(
    'the control message could not be hidden; it comes again after the visibility timeout',
  );
});
