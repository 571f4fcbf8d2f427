import type { IntakeState } from '../../intake/intake-state.ts';
import { readPolling } from '../../intake/mapping.ts';
import type { OpsClients } from '../clients.ts';
import type { Finding } from '../doctor/finding.ts';
import { look } from '../doctor/look.ts';
import type { DeployedStack } from '../doctor/read-stacks.ts';
import { fanfareCommand, type Whereabouts } from '../fanfare-command.ts';
import type { Intakes } from './look-at-intakes.ts';
import { describeIntake, shownIntake } from './shown-intake.ts';

const HOUR_MS = 3_600_000;
/** Who pauses a consumer without an end resumes it the same day, or has forgotten it. */
const FORGOTTEN_AFTER_MS = 24 * HOUR_MS;
/** An outage of a neighbour that lasts longer is known to somebody. */
const LONG_OPEN_MS = HOUR_MS;
/** The controller ends a pause within a minute or two; its function may be throttled for some more. */
const OVERDUE_AFTER_MS = 5 * 60_000;

interface CheckOptions {
  readonly intakes: Intakes;
  readonly where: Whereabouts;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Checks a consumer that is stopped: whether Lambda leaves its queue alone, and whether somebody has forgotten it. One request for each that is
 * stopped.
 */
export async function checkIntake(
  clients: Pick<OpsClients, 'lambda'>,
  { tags, outputs }: DeployedStack,
  { intakes, where, now }: CheckOptions,
): Promise<readonly Finding[]> {
  const state = intakes.of({ tags });
  if (state === undefined || state === 'unknown' || state.intake === 'flowing') return [];
  const name = tags['fanfare:consumer'] ?? '';
  const of = { resource: `intake of ${name}`, name, where };
  const mapping = await look(of.resource, async () => {
    const polling = await readPolling(await clients.lambda(), outputs.FunctionName ?? '');
    return polling === 'on' ? [describePolled(state, of)] : [];
  });
  return [...mapping, ...describeForgotten(state, now - state.since, of), ...describeOverdue(state, now, of)];
}

/**
 * Of the differences of a consumer's stack, a disabled event source mapping is none while the consumer is stopped. Otherwise nobody has said why
 * it is, and a command says how to go on.
 */
export function explainDisabled(
  findings: readonly Finding[],
  { tags }: Pick<DeployedStack, 'tags'>,
  { intakes, where }: Pick<CheckOptions, 'intakes' | 'where'>,
): readonly Finding[] {
  const state = intakes.of({ tags });
  if (state === 'unknown') return findings;
  const name = tags['fanfare:consumer'];
  const isStopped = state !== undefined && state.intake !== 'flowing';
  return findings.flatMap((finding) => {
    if (!isDisabledMapping(finding)) return [finding];
    if (isStopped) return [];
    const remedy = `somebody has changed it by hand: ${fanfareCommand(`resume ${name}`, where)} lets Lambda poll again; if it should take nothing, say so: ${fanfareCommand(`pause ${name} --reason ...`, where)}`;
    return [{ ...finding, remedy }];
  });
}

function isDisabledMapping({ resource, property, deployed }: Finding): boolean {
  return (
    resource.startsWith('AWS::Lambda::EventSourceMapping ') && property === 'Enabled' && deployed === false
  );
}

interface Subject extends Pick<Finding, 'resource'> {
  readonly name: string;
  readonly where: Whereabouts;
}

function describePolled(state: IntakeState, { resource, name, where }: Subject): Finding {
  const stop = state.intake === 'paused' ? `stop it: ${fanfareCommand(`pause ${name}`, where)}; or ` : '';
  return {
    severity: 'error',
    resource,
    detail: `${describeIntake(shownIntake(state))}; but Lambda polls its queue all the same`,
    remedy: `${stop}let it take messages: ${fanfareCommand(`resume ${name}`, where)}`,
  };
}

function describeForgotten(
  state: IntakeState,
  forMs: number,
  { resource, name, where }: Subject,
): readonly Finding[] {
  const detail = `${describeIntake(shownIntake(state))}; its queue deletes what waits for too long`;
  const resume = fanfareCommand(`resume ${name}`, where);
  if (state.intake === 'tripped' && forMs > LONG_OPEN_MS) {
    const remedy = `see to what it calls; the breaker closes by itself when that answers (${resume} closes it by hand)`;
    return [{ severity: 'warning', resource, detail, remedy }];
  }
  if (state.intake === 'paused' && state.until === undefined && forMs > FORGOTTEN_AFTER_MS) {
    const remedy = `resume it: ${resume}; or give the pause an end: ${fanfareCommand(`pause ${name} --for 2h`, where)}`;
    return [{ severity: 'warning', resource, detail, remedy }];
  }
  return [];
}

/** A pause that should have ended: the controller has not got its message, or fails. */
function describeOverdue(
  state: IntakeState,
  now: number,
  { resource, name, where }: Subject,
): readonly Finding[] {
  const { intake, until = Number.POSITIVE_INFINITY } = state;
  if (intake !== 'paused' || now - until <= OVERDUE_AFTER_MS) return [];
  return [
    {
      severity: 'error',
      resource,
      detail: `${describeIntake(shownIntake(state))}; that time is over, and its controller has not resumed it`,
      remedy: `resume it: ${fanfareCommand(`resume ${name}`, where)}; then look into the log of the function that the stack of the bus names in ControlFunctionName`,
    },
  ];
}
