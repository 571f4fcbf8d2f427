import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { consumersOf } from '../../lib/constructs/bus/consumers-of.ts';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { planConsumer } from '../../lib/constructs/consumer/consumer-plan.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { Stage } from '../../lib/constructs/stage.ts';
import { validateFilterPolicyCount } from '../../lib/constructs/validation/filter-policy.ts';
import { validateQueueName } from '../../lib/constructs/validation/names.ts';
import { validateConsumer } from '../../lib/constructs/validation/validate-consumer.ts';
import { type ConsumerProps, defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent, type EventContract } from '../../lib/contracts/define-event.ts';
import { MIN_IDEMPOTENCY_DAYS } from '../../lib/contracts/delivery/record-life.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const Happened = defineEvent({
  type: 'test.Happened',
  version: 1,
  description: 'Something.',
  data: z.object({}),
});
const define = (props: Partial<ConsumerProps<EventContract, never>> = {}) =>
  defineConsumer({ name: 'tester', description: 'Tests.', listensTo: [Happened], ...props });
const manyEvents = Array.from({ length: 151 }, (_, index) =>
  defineEvent({ type: `test.Happened${index}`, version: 1, description: '', data: z.object({}) }),
);

describe('a consumer that cannot work is refused with the numbers and the remedy', () => {
  it.each([
    [
      'a time-out over 15 minutes',
      { timeoutSeconds: 901 },
      'timeoutSeconds is 901; set it to a whole number from 1 to 900',
    ],
    ['no time at all', { timeoutSeconds: 0 }, 'timeoutSeconds is 0'],
    ['a time-out of half seconds', { timeoutSeconds: 1.5 }, 'timeoutSeconds is 1.5'],
    [
      'too little memory',
      { memoryMegabytes: 64 },
      'memoryMegabytes is 64; set it to a whole number from 128 to 10240',
    ],
    [
      'no attempt',
      { retry: { maxAttempts: 0 } },
      'retry.maxAttempts is 0; set it to a whole number from 1 to 500',
    ],
    [
      'a first delay over the longest',
      { retry: { firstDelaySeconds: 10, maxDelaySeconds: 5 } },
      'retry.firstDelaySeconds is 10',
    ],
    [
      'a delay that SQS does not know',
      { retry: { maxDelaySeconds: 43_201 } },
      'retry.maxDelaySeconds is 43201; set it to a whole number from 0 to 43200',
    ],
    [
      'retries that outlive the queue',
      { retry: { maxAttempts: 500, maxDelaySeconds: 3_600 } },
      'its queue keeps messages for 604800 s, but its retries can take',
    ],
    ['a delay of half seconds', { retry: { maxDelaySeconds: 2.5 } }, 'retry.maxDelaySeconds is 2.5'],
    [
      'a memory shorter than its messages live',
      { idempotencyDays: MIN_IDEMPOTENCY_DAYS - 1 },
      `raise idempotencyDays to ${MIN_IDEMPOTENCY_DAYS}`,
    ],
    ['a batch of none', { batchSize: 0 }, 'batchSize is 0; set it to a whole number from 1 to 10000'],
    ['a large batch without a window', { batchSize: 100 }, 'set batchingWindowSeconds to 1 or more'],
    ['a window of an hour', { batchingWindowSeconds: 3600 }, 'batchingWindowSeconds is 3600'],
    [
      'a concurrency of one',
      { maxConcurrency: 1 },
      'maxConcurrency is 1; set it to a whole number from 2 to 1000',
    ],
    [
      'turns of a rate limit that come too late to be used',
      { rateLimit: { perSecond: 2 }, batchSize: 20, batchingWindowSeconds: 1 },
      'at rateLimit.perSecond 2 the last of maxConcurrency (2) x batchSize (20) events waits 22 s for its slot, ' +
        'over half of timeoutSeconds (30); lower batchSize to 13 or raise timeoutSeconds to 44',
    ],
    [
      'a rate limit that even batches of one are too large for',
      { rateLimit: { perSecond: 0.01 }, maxConcurrency: 10 },
      'waits 1001 s for its slot, over half of timeoutSeconds (30); lower maxConcurrency',
    ],
    [
      'more events than a filter policy takes',
      { listensTo: manyEvents },
      'has 151 combinations of values; SNS takes 150',
    ],
  ])('%s', (_, props, message) => {
    expect(() => validateConsumer(planConsumer(define(props), false))).toThrow(message);
  });

  it.each<[string, object, string]>([
    ['the name of the stack of the bus', { name: 'bus' }, 'its stack would have the name of the stack Bus'],
    [
      'the name of the stack of alarms',
      { name: 'alarms' },
      'its stack would have the name of the stack Alarms',
    ],
    ['a secret without a source', { secrets: { key: {} } }, "its secret 'key' has no source"],
    [
      'a secret of an unknown kind',
      { secrets: { key: { secretManager: 'a' } } },
      "its secret 'key' has secretManager; name one of",
    ],
    [
      'a secret with two sources',
      { secrets: { key: { secretsManager: 'a', ssmParameter: 'b' } } },
      'has secretsManager and ssmParameter',
    ],
    [
      'a where without a condition',
      { where: { 'test.Happened': { n: 3 } } },
      "its where asks for 'n' with no condition",
    ],
  ])('%s', (_, props, message) => {
    const definition = { ...define(), ...props };
    expect(() => validateConsumer(planConsumer(definition, false))).toThrow(message);
  });

  it.each([
    [
      'that no variable can be named after',
      ['my-stock'],
      "its table 'my-stock' has no role that Lambda takes",
    ],
    ['of the idempotency table', ['idempotency'], "its table 'idempotency' has the role of the idempotency"],
    ['of another table', ['stock', 'STOCK'], "its table 'STOCK' has the role of another in other letters"],
  ])('a table with the role %s', (_, roles, message) => {
    const tables = Object.fromEntries(roles.map((role) => [role, { partitionKey: 'id' }]));
    const definition = { ...define(), tables };
    expect(() => validateConsumer(planConsumer(definition, false))).toThrow(message);
  });

  it.each([
    [
      'a batch of 11',
      { batchSize: 11, batchingWindowSeconds: 0 },
      'batchSize is 11; set it to a whole number from 1 to 10',
    ],
    ['a batching window', { batchingWindowSeconds: 5 }, 'a FIFO queue has no batching window'],
  ])('on a FIFO bus: %s', (_, props, message) => {
    expect(() => validateConsumer(planConsumer(define(props), true))).toThrow(message);
  });

  it.each([
    ['dev', 102, 22],
    ['one-day-of-november', 117, 37],
  ])('a name too long for its queue in the stage %s, or in prod', (name, length, tooLong) => {
    const definition = define({ name: `a${'b'.repeat(60)}` });
    expect(() => validateQueueName(definition, new Stage({ app: 'shop', name }))).toThrow(
      `one of its queues would have a name of ${length} characters, and SQS takes 80; make the name of the consumer, the app or the stage ${tooLong} shorter`,
    );
  });

  it('whose visibility timeout is under six function time-outs', () => {
    const plan = { ...planConsumer(define(), false), visibilitySeconds: 179 };
    expect(() => validateConsumer(plan)).toThrow(
      'of 179 s is under 6 x timeoutSeconds (30) + batchingWindowSeconds (0) = 180 s',
    );
  });

  it('whose visibility timeout is over twelve hours', () => {
    const plan = { ...planConsumer(define(), false), visibilitySeconds: 43_201 };
    expect(() => validateConsumer(plan)).toThrow('over the 43200 s that SQS takes');
  });

  it('whose dead letters expire before its messages', () => {
    const plan = { ...planConsumer(define(), false), deadLetterRetentionSeconds: 604_800 };
    expect(() => validateConsumer(plan)).toThrow('the first must be longer');
  });

  it('whose filter policy has too many keys', () => {
    const filterPolicy = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, ['x']]));
    expect(() => validateConsumer({ ...planConsumer(define(), false), filterPolicy })).toThrow(
      'has 6 keys; SNS takes 5',
    );
  });

  it('names everything that is wrong at once', () => {
    expect(() =>
      validateConsumer(planConsumer(define({ timeoutSeconds: 0, maxConcurrency: 1 }), false)),
    ).toThrow(/consumer 'tester' cannot work:\n- timeoutSeconds.*\n- maxConcurrency/);
  });

  it.each([
    ['the defaults, whose breaker needs receives and no attempts', {}, false, 654],
    ['the defaults in order: others of the group are tried first', {}, true, 699],
    ['no breaker', { breaker: false as const }, false, 105],
    ['no breaker, in order', { breaker: false as const }, true, 150],
    ['a single attempt', { breaker: false as const, retry: { maxAttempts: 1 } }, false, 101],
    [
      'pauses that leave less time to wait in',
      { retry: { maxAttempts: 84, maxDelaySeconds: 7_200 } },
      false,
      172,
    ],
  ])('lets SQS count further than the runtime: %s', (_, props, fifo, expected) => {
    expect(planConsumer(define(props), fifo).maxReceiveCount).toBe(expected);
  });

  it.each([1, 2.5, 5, 1_000])('finds nothing wrong with a rate limit of %s per second', (perSecond) => {
    expect(() => validateConsumer(planConsumer(define({ rateLimit: { perSecond } }), false))).not.toThrow();
  });

  it('finds nothing wrong with the defaults, on either kind of bus', () => {
    expect(() => validateConsumer(planConsumer(define(), false))).not.toThrow();
    expect(() => validateConsumer(planConsumer(define(), true))).not.toThrow();
  });
});

function appWith(options: { fifo?: boolean; consumers?: number; context?: Record<string, unknown> }) {
  const app = new App({ context: { app: 'shop', ...WITHOUT_BUNDLING, ...options.context } });
  const settings = readSettings(app.node);
  const { bus } = new EventBusStack(app, { settings, fifo: options.fifo ?? false });
  const stacks = Array.from({ length: options.consumers ?? 1 }, (_, index) => {
    const definition = define({ name: `tester-${index}` });
    return new ConsumerStack(app, {
      definition,
      bus,
      stage: settings.stage,
      entry: 'test/apps/orders/analytics.ts',
    });
  });
  return { app, bus, stacks };
}

describe('a FIFO bus', () => {
  const { bus, stacks } = appWith({ fifo: true });
  const consumer = Template.fromStack(stacks[0] ?? expect.fail());

  it('has a FIFO topic', () => {
    Template.fromStack(bus.publish.stack).hasResourceProperties('AWS::SNS::Topic', { FifoTopic: true });
  });

  it('makes every queue of its consumers a FIFO queue, by name too', () => {
    const queues = Object.values(consumer.findResources('AWS::SQS::Queue'));
    expect(queues).toHaveLength(3);
    for (const { Properties } of queues) expect(Properties.FifoQueue).toBe(true);
  });
});

it('says in an output of its stack how long an outage a consumer survives', () => {
  const { stacks } = appWith({});
  Template.fromStack(stacks[0] ?? expect.fail()).hasOutput('OutageTolerance', {
    Value: '8 s for 19 of 20 events, 17 s on average',
  });
});

it('refuses an app with more filter policies than a topic takes', () => {
  const { bus } = appWith({ consumers: 201 });
  expect(validateFilterPolicyCount(consumersOf(bus).length)).toEqual([
    expect.stringContaining('the bus has 201 consumers, with a filter policy each; SNS takes 200 per topic'),
  ]);
}, 60_000);
