import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { defineConsumer } from 'fanfare/contracts';
import type { Handlers } from 'fanfare/runtime';
import { type Fault, testConsumer } from 'fanfare/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReviewPublished } from './reviews/events.ts';

const translation = defineConsumer({
  name: 'translation',
  description: 'Has every review translated, which takes days.',
  listensTo: [ReviewPublished],
});

const review = (id: string) => ({
  type: 'movies.ReviewPublished' as const,
  id,
  data: { reviewId: id, movieId: 'alien', stars: 4, author: 'ada' },
});

const sfn = new SFNClient({ region: 'eu-central-1' });

/** As docs/long-work.md shows it. */
const withStepFunctions: Handlers<typeof translation> = {
  'movies.ReviewPublished': async ({ data }, ctx) => {
    const start = new StartExecutionCommand({
      stateMachineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:translate',
      name: ctx.executionName,
      input: JSON.stringify(data),
    });
    try {
      await sfn.send(start, { abortSignal: ctx.signal });
    } catch (error) {
      // An earlier attempt has started it, and it has ended meanwhile.
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  },
};

const alreadyExists = (message: string): Error => new ExecutionAlreadyExists({ $metadata: {}, message });

/** Starts executions as Step Functions does: a name is of one execution, and the same start of a running one is answered as before. */
function createStepFunctions() {
  const executions = new Map<string, { readonly input: string; running: boolean }>();
  let calls = 0;
  const start = (asked: Readonly<Record<string, unknown>>): object => {
    calls += 1;
    const [name, input] = [String(asked.name), String(asked.input)];
    const there = executions.get(name);
    if (there && (!there.running || there.input !== input)) throw alreadyExists(name);
    executions.set(name, there ?? { input, running: true });
    return { executionArn: `arn:${name}`, startDate: new Date(0) };
  };
  return {
    executions,
    get calls() {
      return calls;
    },
    answers: { 'SFN.StartExecution': start },
    end: () => {
      for (const execution of executions.values()) execution.running = false;
    },
  };
}

describe('a consumer that starts an execution of Step Functions', () => {
  it.each<[Fault, number]>([
    ['crashAfterCall', 2],
    ['crashBeforeCall', 1],
    ['lostAnswers', 2],
  ])('starts it once, although its first delivery has the fault %s', async (fault, calls) => {
    const world = createStepFunctions();
    const consumer = testConsumer(translation, withStepFunctions, { answers: world.answers });
    await consumer.receive(review('r1'), { fault });
    const { outcome } = await consumer.redeliver();
    expect(outcome).toBe('completed');
    expect(world.executions.size).toBe(1);
    expect(world.calls).toBe(calls);
  });

  it('is done when the execution of an earlier attempt has ended already', async () => {
    const world = createStepFunctions();
    const answers = {
      'SFN.StartExecution': (asked: Readonly<Record<string, unknown>>) => {
        const answer = world.answers['SFN.StartExecution'](asked);
        world.end();
        return answer;
      },
    };
    const consumer = testConsumer(translation, withStepFunctions, { answers });
    expect(await consumer.receive(review('r1'), { fault: 'crashAfterCall' })).toMatchObject({
      outcome: 'crashed',
    });
    const { outcome } = await consumer.redeliver();
    expect(outcome).toBe('completed');
    expect([...world.executions.keys()]).toEqual([expect.stringMatching(/^translation-[0-9a-f]{32}$/)]);
  });

  it('starts another one for another event, and in a replay that repeats effects', async () => {
    const world = createStepFunctions();
    const consumer = testConsumer(translation, withStepFunctions, { answers: world.answers });
    await consumer.receive(review('r1'));
    await consumer.receive(review('r2'));
    expect(world.executions.size).toBe(2);
    await consumer.receive(review('r1'), { replay: { id: 'july', mode: 'fill' } });
    expect(world.executions.size).toBe(2);
    await consumer.receive(review('r1'), { replay: { id: 'august', mode: 'again' }, times: 2 });
    expect(world.executions.size).toBe(3);
  });
});

const lambda = new LambdaClient({ region: 'eu-central-1' });

/** As docs/long-work.md shows it. */
const withDurableFunction: Handlers<typeof translation> = {
  'movies.ReviewPublished': async ({ data }, ctx) => {
    const invoke = new InvokeCommand({
      FunctionName: 'translate:live',
      InvocationType: 'Event',
      DurableExecutionName: ctx.executionName,
      Payload: JSON.stringify({ ...data, execution: ctx.executionName }),
    });
    await lambda.send(invoke, { abortSignal: ctx.signal });
  },
};

/** What the durable function publishes at its end. */
const published: { id: string; reviewId: string }[] = [];
let stepsDone = 0;

const translate = withDurableExecution(
  async ({ reviewId, execution }: { reviewId: string; execution: string }, context: DurableContext) => {
    await context.step('send', async () => {
      stepsDone += 1;
    });
    await context.wait({ days: 3 });
    // A step may run again, so the event has the same id each time.
    await context.step('publish', async () => {
      published.push({ id: execution, reviewId });
    });
    return 'translated';
  },
);

describe('a consumer that starts a durable function', () => {
  beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
  afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

  it('starts it once, although the process dies after the start, and its end is one event', async () => {
    const executions = new Map<string, string>();
    const answers = {
      'Lambda.Invoke': (asked: Readonly<Record<string, unknown>>) => {
        executions.set(String(asked.DurableExecutionName), String(asked.Payload));
        return { StatusCode: 202 };
      },
    };
    const consumer = testConsumer(translation, withDurableFunction, { answers });
    expect(await consumer.receive(review('r1'), { fault: 'crashAfterCall' })).toMatchObject({
      outcome: 'crashed',
    });
    const { outcome } = await consumer.redeliver();
    expect(outcome).toBe('completed');
    const [[name, payload] = expect.fail('nothing was started'), ...others] = executions;
    expect(others).toEqual([]);
    const runner = new LocalDurableTestRunner({ handlerFunction: translate });
    const execution = await runner.run({ payload: JSON.parse(payload) });
    expect(execution.getResult()).toBe('translated');
    expect(stepsDone).toBe(1);
    expect(published).toEqual([{ id: name, reviewId: 'r1' }]);
  });
});
