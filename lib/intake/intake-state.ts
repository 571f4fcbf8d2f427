import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { TripCause } from './control-message.ts';

/**
 * Whether a consumer takes messages from its queue. `tripped`: its breaker is open, because what it calls does not answer. `paused`: somebody
 * has stopped it by hand.
 */
export type Intake = 'flowing' | 'tripped' | 'paused';

/** Why a consumer takes no messages, and since when. There is one item for each consumer whose intake was ever stopped. */
export interface IntakeState {
  /** What the consumer is called in the deployment. */
  readonly consumer: string;
  readonly intake: Intake;
  /** Epoch milliseconds at which the intake got this state. */
  readonly since: number;
  /** Number of changes. Every change has the condition that nobody else has changed it meanwhile. */
  readonly version: number;
  /** Why it was tripped or paused; of the last time when it is flowing. @default '' */
  readonly reason: string;
  /** Why its breaker is open. @default - it is not */
  readonly cause?: TripCause | undefined;
  /** Name of the error that different events have failed with while its breaker is open. @default - they look like an outage */
  readonly errorName?: string | undefined;
  /** Who has paused or resumed it. @default - the breaker */
  readonly by?: string | undefined;
  /** Epoch milliseconds at which a pause ends by itself. @default - it does not */
  readonly until?: number | undefined;
  /** Epoch milliseconds of the next probe of a tripped consumer. */
  readonly nextProbeAt?: number | undefined;
  /** Epoch milliseconds until which a probe would meet only a message with few receives left: there is one only if others wait. @default - none */
  readonly sparedUntil?: number | undefined;
  /** Epoch milliseconds at which a probe last succeeded, or somebody has resumed it. */
  readonly closedAt?: number | undefined;
  /** Epoch milliseconds at which a probe was last allowed to give its event up, since the breaker has opened. @default - none was */
  readonly gaveUpAt?: number | undefined;
}

/** Name of the partition key of the table. */
export const INTAKE_KEY = 'consumer';

type Item = Readonly<Record<string, AttributeValue>>;

const INTAKES: ReadonlySet<string> = new Set<Intake>(['flowing', 'tripped', 'paused']);

/** Reads an item of the table. @throws Error when it is no state of an intake: another program writes to the table */
export function readIntakeState(item: Item): IntakeState {
  const {
    consumer,
    intake,
    since,
    version,
    reason,
    cause,
    errorName,
    by,
    until,
    nextProbeAt,
    closedAt,
    gaveUpAt,
    sparedUntil,
  } = item;
  if (consumer?.S === undefined || !isIntake(intake?.S)) {
    throw new Error(
      `item ${consumer?.S} of the intake table has the state '${intake?.S}'; only Fanfare may write there`,
    );
  }
  return {
    consumer: consumer.S,
    intake: intake.S,
    since: Number(since?.N ?? 0),
    version: Number(version?.N ?? 0),
    reason: reason?.S ?? '',
    cause: cause?.S === 'outage' || cause?.S === 'alike' ? cause.S : undefined,
    errorName: errorName?.S,
    by: by?.S,
    until: numberOf(until),
    nextProbeAt: numberOf(nextProbeAt),
    closedAt: numberOf(closedAt),
    gaveUpAt: numberOf(gaveUpAt),
    sparedUntil: numberOf(sparedUntil),
  };
}

/** The item of a state: an attribute of the same name for each value that there is. */
export function intakeItem(state: IntakeState): Record<string, AttributeValue> {
  const values = Object.entries<string | number | undefined>({ ...state });
  return Object.fromEntries(
    values.flatMap(([name, value]) => (value === undefined ? [] : [[name, attributeOf(value)] as const])),
  );
}

function attributeOf(value: string | number): AttributeValue {
  return typeof value === 'number' ? { N: String(value) } : { S: value };
}

function isIntake(text: string | undefined): text is Intake {
  return text !== undefined && INTAKES.has(text);
}

function numberOf(attribute: AttributeValue | undefined): number | undefined {
  return attribute?.N === undefined ? undefined : Number(attribute.N);
}
