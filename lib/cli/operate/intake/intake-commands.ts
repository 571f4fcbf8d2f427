import { type Command, InvalidArgumentError } from 'commander';
import { consumerNamed } from '../../../ops/deployment.ts';
import { fanfareCommand } from '../../../ops/fanfare-command.ts';
import {
  type IntakeChange,
  MAX_REASON_LENGTH,
  pauseIntake,
  resumeIntake,
} from '../../../ops/intake/change-intake.ts';
import type { IntakePorts } from '../../../ops/intake/intake-ports.ts';
import { type OpenIntake, openIntake, readRetentionSeconds } from '../../../ops/intake/open-intake.ts';
import { shownIntake } from '../../../ops/intake/shown-intake.ts';
import { whoStarts } from '../../../ops/replay/who-starts.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { nonEmpty, seconds } from '../../terminal/parse-options.ts';
import { printJson } from '../../terminal/print-json.ts';
import { createProgress } from '../../terminal/progress.ts';
import { ofConsumer, whereaboutsOf } from '../dlq/queue-options.ts';
import { type Connection, type TargetOptions, withDeployment } from '../target.ts';
import { changeJson, notesOfPause, notesOfResume, stateLine } from './describe-change.ts';

type IntakeOptions = TargetOptions & { readonly json: boolean };
type PauseOptions = IntakeOptions & { readonly for?: number; readonly reason?: string };

/** How long Lambda usually needs for a change of a mapping. */
const USUAL_SECONDS = 60;

/** Adds `fanfare pause`. */
export function addPauseCommand(program: Command): void {
  ofConsumer(program.command('pause'))
    .description(
      'Stops a consumer: its events wait in its queue until it is resumed. What it has received already it still handles. ' +
        'On AWS it takes up to a minute.',
    )
    .option('--for <time>', 'ends by itself after 90s, 15m, 2h or 7d (default: it does not)', pauseSeconds)
    .option('--reason <text>', 'shown to everybody who asks why it is stopped', reasonText)
    .option('--json', 'print it as JSON', false)
    .action(runPause);
}

/** Adds `fanfare resume`. */
export function addResumeCommand(program: Command): void {
  ofConsumer(program.command('resume'))
    .description(
      'Lets a consumer take events again: it ends a pause, closes a breaker by hand, and enables an event source mapping that ' +
        'somebody has disabled. On AWS it takes up to a minute.',
    )
    .option('--json', 'print it as JSON', false)
    .action(runResume);
}

async function runPause(name: string, options: PauseOptions): Promise<void> {
  const { for: forSeconds, reason, json, ...where } = options;
  await withDeployment(where, async (connection) => {
    const { clients, deployment } = connection;
    const consumer = consumerNamed(deployment, name);
    const opened = await openIntake(clients, deployment, consumer);
    const retention = await readRetentionSeconds(clients, consumer.queueUrl);
    const request = { by: whoStarts(), reason, forSeconds };
    const change = await withProgress(opened, (ports) => pauseIntake(ports, opened.target, request));
    report(connection, { label: consumer.label, change, json, notes: notesOfPause(change, retention) });
    if (!json && !change.isOvertaken)
      console.error(`Resume it: ${fanfareCommand(`resume ${consumer.label}`, whereaboutsOf(connection))}`);
  });
}

async function runResume(name: string, { json, ...where }: IntakeOptions): Promise<void> {
  await withDeployment(where, async (connection) => {
    const { clients, deployment } = connection;
    const { label, ...consumer } = consumerNamed(deployment, name);
    const opened = await openIntake(clients, deployment, { label, ...consumer });
    const change = await withProgress(opened, (ports) =>
      resumeIntake(ports, opened.target, { by: whoStarts() }),
    );
    report(connection, { label, change, json, notes: notesOfResume(change) });
  });
}

async function withProgress<T>({ ports }: OpenIntake, work: (ports: IntakePorts) => Promise<T>): Promise<T> {
  const progress = createProgress(process.stderr, 'Lambda changes the event source mapping', USUAL_SECONDS);
  let hasWaited = false;
  const onWait = (passed: number): void => {
    hasWaited = true;
    progress.update(passed, { total: Math.max(USUAL_SECONDS, passed), note: 'seconds' });
  };
  try {
    return await work({ ...ports, onWait });
  } finally {
    if (hasWaited) progress.finish();
  }
}

interface Report {
  readonly label: string;
  readonly change: IntakeChange;
  readonly json: boolean;
  readonly notes: readonly string[];
}

function report(connection: Connection, { label, change, json, notes }: Report): void {
  if (json) printJson('intake', changeJson(label, change));
  else console.log(stateLine(label, shownIntake(change.after)));
  if (change.isOvertaken) {
    const status = fanfareCommand('status', whereaboutsOf(connection));
    console.error(`Somebody else, or its breaker, has changed it meanwhile, and that holds: ${status}`);
    process.exitCode = EXIT.trouble;
  } else if (!json) for (const note of notes) console.error(note);
}

function pauseSeconds(text: string): number {
  const value = seconds(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('A pause of no time is none; leave it out for one without an end.');
}

function reasonText(text: string): string {
  if (nonEmpty(text).length <= MAX_REASON_LENGTH) return text;
  throw new InvalidArgumentError(`It has ${text.length} characters; say it in ${MAX_REASON_LENGTH}.`);
}
