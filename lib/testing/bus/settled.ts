import { ENVIRONMENT } from '../../contracts/environment.ts';
import type { IntakeState } from '../../intake/intake-state.ts';
import { createIntakeTable } from '../../intake/intake-table.ts';
import type { FunctionConfiguration } from '../../local/functions/function-configuration.ts';
import type { LocalStack } from '../../local/local-stack.ts';
import { isTimer } from './deployed-consumer.ts';
import { waitUntil } from './wait.ts';

/** A consumer with messages. */
interface Waiting {
  readonly configuration: FunctionConfiguration;
  /** Number of messages that wait for it, or are with it. */
  readonly messages: number;
}

/**
 * Waits until no message waits for a consumer or is with one, also not for one that is stopped. Timers are not waited for: events that come
 * later, and what the controller of the breakers keeps until its next probe.
 *
 * @throws Error that names the consumers that are not done and, of those whose breaker is open or that are paused, says so
 */
export function waitUntilSettled(local: LocalStack, timeoutSeconds: number): Promise<void> {
  return waitUntil(
    // The queue of a consumer that is stopped is no source of events: nothing polls it.
    () => local.isQuiet(isTimer) && consumersWaiting(local).length === 0,
    timeoutSeconds,
    () => describeUnsettled(local),
  );
}

function consumersWaiting(local: LocalStack): readonly Waiting[] {
  return [...local.functions.values()].flatMap(({ configuration }) => {
    const queueUrl = configuration.environment[ENVIRONMENT.queueUrl];
    if (queueUrl === undefined) return [];
    const { visible, inFlight, delayed } = local.depthOf(queueUrl);
    const messages = visible + inFlight + delayed;
    return messages > 0 ? [{ configuration, messages }] : [];
  });
}

async function describeUnsettled(local: LocalStack): Promise<string> {
  const consumers = consumersWaiting(local);
  const waiting = await Promise.all(
    consumers.map(async ({ configuration: { name, environment }, messages }) => {
      const stopped = describeStopped(await readIntake(local, environment));
      return `${messages} messages of ${name} wait or are with it${stopped}`;
    }),
  );
  const others = local
    .busyFunctions(isTimer)
    .filter((busy) => consumers.every(({ configuration: { name } }) => name !== busy))
    .map((name) => `${name} is running, or has messages`);
  return `the bus is not settled: ${[...waiting, ...others].join('; ') || 'it has just become so'}`;
}

async function readIntake(
  { dynamodb }: LocalStack,
  environment: FunctionConfiguration['environment'],
): Promise<IntakeState | undefined> {
  const name = environment[ENVIRONMENT.intakeTable];
  const label = environment[ENVIRONMENT.consumerLabel];
  if (name === undefined || label === undefined) return undefined;
  return await createIntakeTable({ dynamodb, name }).read(label);
}

function describeStopped(state: IntakeState | undefined): string {
  if (state === undefined || state.intake === 'flowing') return '';
  const since = new Date(state.since).toISOString();
  const what = state.intake === 'tripped' ? 'its breaker is open' : 'it is paused';
  return `, and ${what} since ${since}: ${state.reason}`;
}
