import type { Command } from 'commander';
import { readWhere } from '../../../archive/read/selection.ts';
import { createReplay } from '../../../archive/replay/create-replay.ts';
import type { ReplayRequest, ReplayState } from '../../../archive/replay/replay-state.ts';
import { openArchive } from '../../../ops/archive/open-archive.ts';
import { consumerNamed } from '../../../ops/deployment.ts';
import { fanfareCommand } from '../../../ops/fanfare-command.ts';
import { DEFAULT_RATE, MAX_RATE, makeRequest } from '../../../ops/replay/make-request.ts';
import { openReplays } from '../../../ops/replay/open-replays.ts';
import { planOf, type ReplayPlan } from '../../../ops/replay/preview.ts';
import { whoStarts } from '../../../ops/replay/who-starts.ts';
import { confirm } from '../../terminal/confirm.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { moment, nonEmpty, nonEmptyEach, wholeNumber } from '../../terminal/parse-options.ts';
import { printJson } from '../../terminal/print-json.ts';
import { refusalOfRange } from '../../terminal/time-range.ts';
import { endWellOnInterrupt, untilStopped } from '../../terminal/until-stopped.ts';
import { whereaboutsOf } from '../dlq/queue-options.ts';
import { type Connection, type TargetOptions, withDeployment, withTarget } from '../target.ts';
import { describeCounts, describePlan, hasTrouble, replayLine } from './describe-replay.ts';
import { runDry } from './dry-run.ts';
import { followReplay } from './follow.ts';
import { replayJson } from './json.ts';

interface StartOptions extends TargetOptions {
  readonly consumer?: string;
  readonly from?: number;
  readonly to?: number;
  readonly type?: readonly string[];
  readonly source?: readonly string[];
  readonly where?: string;
  readonly rate: number;
  readonly again: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Adds what starts a replay. */
export function addReplayStart(replay: Command): void {
  withTarget(replay)
    .description(
      'Sends archived events to the queue of one consumer again, and to no other: what it has missed, or with --again everything. ' +
        'It runs where the bus is: Ctrl-C ends only the watching. Exits with 1 if something could not be read or sent.',
    )
    .option('--consumer <name>', 'who gets them', nonEmpty)
    .option('--from <time>', 'arrival of the first: a time, a date, or how long ago, such as 2h', moment)
    .option('--to <time>', 'arrival, before which the last came (default: now)', moment)
    .option(
      '--type <type>',
      'only events of this type, with or without its version; may be repeated',
      nonEmptyEach,
    )
    .option('--source <source>', 'only events of this source; may be repeated', nonEmptyEach)
    .option('--where <policy>', 'only events that this filter policy of SNS takes, as JSON', nonEmpty)
    .option(
      '--rate <count>',
      `events a second, 1 to ${MAX_RATE}`,
      wholeNumber({ min: 1, max: MAX_RATE }),
      DEFAULT_RATE,
    )
    .option('--again', 'the consumer acts again on what it has acted on', false)
    .option('--dry-run', 'read and count what would be sent, and send nothing', false)
    .option('--yes', 'do not ask', false)
    .option('--json', 'print the result as JSON', false)
    .action((options: StartOptions, command: Command) => runStart(options, command));
}

async function runStart(options: StartOptions, command: Command): Promise<void> {
  const { consumer, from, to = Date.now(), yes, dryRun } = options;
  const refuse = (reason: string): never => command.error(`error: ${reason}`, { exitCode: EXIT.usage });
  if (consumer === undefined) return refuse('say to whom: --consumer');
  if (from === undefined) return refuse('say from when on: --from');
  const refusal = refusalOfRange({ typed: options, used: { from, to }, begins: '' });
  if (refusal !== undefined) return refuse(refusal);
  if (to > Date.now()) return refuse('--to lies ahead: live events come by themselves; leave it out for now');
  if (!yes && !dryRun && !process.stdin.isTTY)
    return refuse('this sends events and cannot ask here; add --yes');
  const asked = { ...askedOf(options, refuse), from, to };
  const signal = untilStopped();
  await withDeployment(options, async (connection) => {
    const { clients, deployment, place } = connection;
    const to = consumerNamed(deployment, consumer);
    const request = await makeRequest(clients, deployment, to, asked);
    const { store } = await openArchive(clients, deployment, place);
    const plan = await planOf(store, request);
    if (dryRun) await runDry(store, request, { plan, signal, json: options.json });
    else await start(connection, { request, plan, options, signal });
  });
}

function askedOf(
  { type = [], source = [], where, rate, again }: StartOptions,
  refuse: (reason: string) => never,
) {
  const mode = again ? ('again' as const) : ('fill' as const);
  const asked = { types: type, sources: source, rate, mode };
  if (where === undefined) return asked;
  try {
    return { ...asked, where: readWhere(where) };
  } catch (error) {
    if (error instanceof RangeError) return refuse(`--where: ${error.message}`);
    throw error;
  }
}

interface Starting {
  readonly request: ReplayRequest;
  readonly plan: ReplayPlan;
  readonly options: StartOptions;
  readonly signal: AbortSignal;
}

async function start(connection: Connection, { request, plan, options, signal }: Starting): Promise<void> {
  const { deployment, clients } = connection;
  console.error(describePlan(request, plan));
  const question = `Replay to ${request.consumer} (stage ${deployment.stage} of ${deployment.app})?`;
  if (!options.yes && !(await confirm(question, signal))) {
    if (!signal.aborted) console.error('Nothing was started.');
    process.exitCode = EXIT.trouble;
    return;
  }
  const ports = openReplays(clients, deployment);
  const { id } = await createReplay(ports, request, { createdBy: whoStarts() });
  if (!options.json) console.log(`Replay ${id} has started.`);
  const state = await followReplay(ports, id, signal);
  report(state, connection, options.json);
  if (signal.aborted) {
    const command = fanfareCommand(`replay show ${id}`, whereaboutsOf(connection));
    console.error(`The replay goes on. Look at it: ${command}`);
    endWellOnInterrupt();
  } else if (hasTrouble(state)) process.exitCode = EXIT.trouble;
}

function report(state: ReplayState, connection: Connection, json: boolean): void {
  if (json) printJson('replay', replayJson(state));
  else console.log(`${replayLine({ ...state, unreadable: 0 })}: ${describeCounts(state)}`);
  if (!hasTrouble(state)) return;
  const command = fanfareCommand(`replay show ${state.id}`, whereaboutsOf(connection));
  console.error(`${state.problem ?? 'Something could not be read or sent'}; see ${command}`);
}
