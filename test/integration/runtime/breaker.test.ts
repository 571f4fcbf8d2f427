import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/aws/clock.ts';
import { readControlMessage } from '../../../lib/intake/control-message.ts';
import { createBreaker } from '../../../lib/runtime/breaker/breaker.ts';
import { createBreakerPorts } from '../../../lib/runtime/breaker/breaker-ports.ts';
import { PermanentError, TransientError } from '../../../lib/runtime/errors.ts';
import {
  Answered,
  claimer,
  type Handler,
  message,
  newId,
  recordOf,
  run,
  seen,
  setup,
  useRig,
} from './rig.ts';

useRig();

const PLACES = {
  consumer: 'claimer',
  functionName: 'claimer-function',
  queueUrl: 'queue',
  controlQueueUrl: 'control',
  intakeTable: 'intake',
};

/** What the two services of a breaker do. */
interface Services {
  readonly silent?: readonly ('the control queue' | 'the intake table')[];
  readonly log?: (line: string) => void;
}

/** The runtime under test, in one process that has a breaker. */
function withBreaker(handler: Handler, { silent = [], log = () => undefined }: Services = {}) {
  const base = setup(claimer, handler);
  const trips: string[] = [];
  const never = (signal?: AbortSignal) =>
    new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const dynamodb = {
    send: async (command: never, options?: { abortSignal?: AbortSignal }) => {
      if (!isOfIntakeTable(command)) return base.ports.dynamodb.send(command);
      return silent.includes('the intake table') ? never(options?.abortSignal) : {};
    },
  } as unknown as typeof base.ports.dynamodb;
  const sqs = {
    send: async (command: object, options?: { abortSignal?: AbortSignal }) => {
      if (command instanceof SendMessageCommand) {
        if (silent.includes('the control queue')) return never(options?.abortSignal);
        trips.push(command.input.MessageBody ?? '');
        return {};
      }
      seen.sqsCommands.push(command);
      if (!(command instanceof SendMessageBatchCommand)) return {};
      return { Successful: (command.input.Entries ?? []).map(({ Id }) => ({ Id })) };
    },
  } as unknown as typeof base.ports.sqs;
  const ports = { ...base.ports, dynamodb, sqs };
  const breaker = createBreaker({
    policy: { after: 3, probeEverySeconds: 30 },
    maxAttempts: 5,
    timeoutSeconds: 3,
    places: PLACES,
    ports: createBreakerPorts(ports, PLACES),
    clock: systemClock,
    log,
  });
  return { breaker, trips, consumer: () => ({ ...base, ports, gate: breaker.gate() }) };
}

function isOfIntakeTable(command: object): boolean {
  return command instanceof GetItemCommand && command.input.TableName === 'intake';
}

/** One event that is mailed at once, and three that fail after it as in an outage. */
function mailAndOutage(act: Handler = () => undefined) {
  const good = newId();
  const mails: string[] = [];
  const handler: Handler = async (event, ctx) => {
    if (event.id === good) {
      mails.push(event.id);
      return act(event, ctx);
    }
    await systemClock.sleep(30);
    throw new TransientError('down');
  };
  const record = message(good);
  return { good, mails, handler, record, records: [record, ...threeMessages()] };
}
const threeMessages = () => [newId(), newId(), newId()].map((id) => message(id));

describe('a breaker whose services do not answer', () => {
  const kinds = [
    ['the control queue'],
    ['the intake table'],
    ['the control queue', 'the intake table'],
  ] as const;
  const acts: readonly (readonly [string, Handler])[] = [
    ['has done its work', () => undefined],
    ['has emitted', (event, ctx) => void ctx.emit(Answered, { n: event.data.n })],
  ];
  const cases = kinds.flatMap((silent) => acts.map(([what, act]) => [what, silent, act] as const));

  it.each(cases)('repeats no effect of an event that %s: %j', async (_, silent, act) => {
    const { good, mails, handler, record, records } = mailAndOutage(act);
    const { consumer, breaker } = withBreaker(handler, { silent });
    const returned = await run(consumer(), records, 2_000);
    expect(returned).not.toContain(record.messageId);
    expect(returned).toHaveLength(3);
    expect((await recordOf(good))?.status?.S).toMatch(/^COMPLETED/);
    expect(breaker.stopped?.reason).toContain('3 different events failed in a row');
    await run(setup(claimer, handler), [message(good, { attempt: 2 })]);
    expect(mails).toEqual([good]);
  });

  it.each(kinds.map((silent) => [silent]))(
    'still has the time to give back what failed: %j',
    async (silent) => {
      const ids = [newId(), newId(), newId()];
      const { consumer } = withBreaker(() => Promise.reject(new TransientError('down')), { silent });
      await run(
        consumer(),
        ids.map((id) => message(id)),
        2_000,
      );
      const records = await Promise.all(ids.map(recordOf));
      expect(records.map((record) => record?.status?.S)).toEqual(['FAILED', 'FAILED', 'FAILED']);
      expect(records.map((record) => record?.attempts?.N)).toEqual(['0', '0', '0']);
      expect(seen.reports.at(-1)?.unscheduled).toBe(0);
      expect(seen.sqsCommands.map(({ constructor: { name } }) => name)).toEqual([
        'ChangeMessageVisibilityBatchCommand',
      ]);
    },
  );
});

it('what a breaker is told of a message group whose head is given up can be read by the controller', async () => {
  const head = newId();
  const handler: Handler = async (event) => {
    if (event.id !== head) throw new Error('alike');
    await systemClock.sleep(50);
    throw new PermanentError('never');
  };
  const { consumer, trips } = withBreaker(handler);
  const others = ['b', 'c', 'd'].map((group) => message(newId(), { group }));
  await run(consumer(), [message(head, { group: 'a' }), message(newId(), { group: 'a' }), ...others]);
  expect(trips.map(readControlMessage)).toMatchObject([
    { kind: 'trip', errorName: 'Error', queueArn: 'arn:aws:sqs:eu-west-1:1:queue.fifo' },
  ]);
});

it.each([
  ['opens', []],
  ['cannot read the state, nor tell the controller', ['the control queue', 'the intake table']],
] as const)('a logger that throws when a breaker %s returns no event that is done', async (_, silent) => {
  const { good, handler, record, records } = mailAndOutage();
  const log = (): never => {
    throw new Error('no log');
  };
  const { consumer, breaker } = withBreaker(handler, { silent, log });
  const returned = await run(consumer(), records, 1_000);
  expect(returned).toHaveLength(3);
  expect(returned).not.toContain(record.messageId);
  expect((await recordOf(good))?.status?.S).toMatch(/^COMPLETED/);
  expect(seen.reports.at(-1)?.fault).toBeUndefined();
  expect(breaker.stopped).toBeDefined();
});

it('sends SQS no character that it refuses, and no text without an end', async () => {
  const name = 'N\uFFFF\uD83D'.repeat(200_000);
  const handler: Handler = () => {
    throw Object.assign(new Error('an answer \uFFFE of \uDE00 bytes'), { name });
  };
  const { consumer, trips } = withBreaker(handler);
  await run(consumer(), threeMessages());
  expect(trips.map(readControlMessage)).toMatchObject([
    {
      errorName: `${'N\uFFFD\uFFFD'.repeat(170)}N\uFFFD`,
      reason: expect.stringMatching(/^3 different events failed alike, the last: N\uFFFD\uFFFDN/),
    },
  ]);
  expect(trips[0]?.length).toBeLessThan(2_000);
});
