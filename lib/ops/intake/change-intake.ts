import type { IntakeState } from '../../intake/intake-state.ts';
import type { IntakeTable } from '../../intake/intake-table.ts';
import type { Polling } from '../../intake/mapping.ts';
import { messageOf } from '../problem.ts';
import { applyIntake } from './apply-intake.ts';
import type { IntakePorts, IntakeTarget } from './intake-ports.ts';

/** Characters of a reason: it is shown in one line. */
export const MAX_REASON_LENGTH = 300;

/** Thrown when a consumer is not stopped or resumed. Nothing was changed. */
export class IntakeRefusedError extends Error {
  override readonly name = 'IntakeRefusedError';
}

/** Who pauses a consumer, why and for how long. */
export interface PauseRequest {
  readonly by: string;
  /** @default - the reason of the pause that there is, or of the open breaker */
  readonly reason?: string | undefined;
  /** Ends by itself after so many seconds. @default - it does not */
  readonly forSeconds?: number | undefined;
}

/** What a pause or a resume has done. */
export interface IntakeChange {
  /** Undefined when it was never stopped. */
  readonly before: IntakeState | undefined;
  /** What Lambda did before. */
  readonly polledBefore: Polling;
  /** The state that holds now. */
  readonly after: IntakeState | undefined;
  /** Whether somebody else has changed the state after this change, or the breaker has. Then `after` is theirs. */
  readonly isOvertaken: boolean;
}

/**
 * Stops a consumer: first it is written down, then the controller is told when the pause ends, then Lambda stops to poll. A process that dies in
 * between leaves a state that says what was meant, and the same command does the rest. A pause over a pause replaces its end; a pause of a
 * consumer whose breaker is open replaces the breaker, and nobody probes any more.
 *
 * @throws IntakeRefusedError when it should end by itself and the bus has no controller
 */
export async function pauseIntake(
  ports: IntakePorts,
  target: IntakeTarget,
  { by, reason, forSeconds }: PauseRequest,
): Promise<IntakeChange> {
  const { mapping, clock, table } = ports;
  if (forSeconds !== undefined && !ports.announcePause)
    throw new IntakeRefusedError(
      `nothing would end the pause of ${target.label}: the stack of its bus has no output ControlQueueUrl; pause it without an end, or deploy the bus again with this version`,
    );
  // Read first: when there is no mapping, nothing is written.
  const polledBefore = await mapping.read();
  const { before, after } = await write(table, target, (found) => {
    const now = clock.now();
    return {
      consumer: target.key,
      intake: 'paused',
      since: found?.intake === 'paused' ? found.since : now,
      by,
      until: forSeconds === undefined ? undefined : now + forSeconds * 1_000,
      reason: reason ?? reasonOf(found),
      closedAt: found?.closedAt,
    };
  });
  if (forSeconds !== undefined) await announce(ports, target);
  return changeOf({ before, polledBefore, written: after }, await applyIntake(ports, target, after));
}

/**
 * Lets a consumer take messages again. It ends a pause, and closes a breaker by hand. For one that flows nothing is written, but Lambda polls
 * afterwards, whoever has stopped it.
 */
export async function resumeIntake(
  ports: IntakePorts,
  target: IntakeTarget,
  { by }: Pick<PauseRequest, 'by'>,
): Promise<IntakeChange> {
  const { mapping, clock, table } = ports;
  const polledBefore = await mapping.read();
  const { before, after } = await write(table, target, (found) => {
    if (!found || found.intake === 'flowing') return undefined;
    const now = clock.now();
    return {
      consumer: target.key,
      intake: 'flowing',
      since: now,
      by,
      reason: found.reason,
      // The end of a pause says nothing about what the consumer calls. Who closes an open breaker says that it answers again.
      closedAt: found.intake === 'tripped' ? now : found.closedAt,
    };
  });
  return changeOf({ before, polledBefore, written: after }, await applyIntake(ports, target, after));
}

async function announce({ announcePause }: IntakePorts, { label }: IntakeTarget): Promise<void> {
  try {
    await announcePause?.();
  } catch (cause) {
    throw new Error(
      `it is written down that ${label} is paused, but not yet done, and its controller could not be told when that ends: ${messageOf(cause)}; repeat the command, or resume it`,
      { cause },
    );
  }
}

interface Written {
  readonly before: IntakeState | undefined;
  readonly after: IntakeState | undefined;
}

/** Changes a state as `decide` says, which is asked again when somebody else was faster; undefined changes nothing. */
async function write(
  table: IntakeTable,
  { key }: IntakeTarget,
  decide: (found: IntakeState | undefined) => Omit<IntakeState, 'version'> | undefined,
): Promise<Written> {
  for (;;) {
    const before = await table.read(key);
    const wanted = decide(before);
    if (!wanted) return { before, after: before };
    const after = await table.change(before, wanted);
    if (after) return { before, after };
  }
}

function reasonOf(found: IntakeState | undefined): string {
  if (found?.intake === 'paused') return found.reason;
  return found?.intake === 'tripped' ? `its breaker was open: ${found.reason}` : '';
}

function changeOf(
  {
    before,
    polledBefore,
    written,
  }: Omit<Written, 'after'> &
    Pick<IntakeChange, 'polledBefore'> & { readonly written: IntakeState | undefined },
  after: IntakeState | undefined,
): IntakeChange {
  return { before, polledBefore, after, isOvertaken: after?.version !== written?.version };
}
