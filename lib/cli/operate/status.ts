import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { readDeployment } from '../../ops/deployment.ts';
import { messageOf } from '../../ops/problem.ts';
import { readStatus, type Status } from '../../ops/status/status.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { wholeNumber } from '../terminal/parse-options.ts';
import { printJson, printJsonError, printJsonLine } from '../terminal/print-json.ts';
import { endWellOnInterrupt, untilStopped } from '../terminal/until-stopped.ts';
import { describeStatus } from './describe-status.ts';
import { type Connection, type TargetOptions, withDeployment, withTarget } from './target.ts';

interface StatusOptions extends TargetOptions {
  readonly json: boolean;
  /** Seconds between two looks; true for the usual. */
  readonly watch?: number | true;
}

const INTERVAL_SECONDS = 5;
/** Moves the cursor to the top and clears what is below. */
const CLEAR = '\u001b[H\u001b[J';

/** Adds `fanfare status`. */
export function addStatusCommand(program: Command): void {
  withTarget(program.command('status'))
    .description(
      'Shows what waits, what is dead and which alarms are on, trouble first. Exits with 1 if something is wrong, and with 3 ' +
        'if nothing is known to be but not everything could be looked at.',
    )
    .option(
      '--watch [seconds]',
      `look again and again, every ${INTERVAL_SECONDS} seconds if not said otherwise, until Ctrl-C`,
      wholeNumber({ min: 1, max: 3_600 }),
    )
    .option('--json', 'print it as JSON; with --watch a line for each look', false)
    .action(runStatus);
}

async function runStatus({ json, watch, ...options }: StatusOptions): Promise<void> {
  if (watch !== undefined) {
    const seconds = watch === true ? INTERVAL_SECONDS : watch;
    return watchStatus(options, { json, seconds });
  }
  const status = await withDeployment(options, ({ clients, deployment }) => readStatus(clients, deployment));
  if (json) printJson('status', status);
  else console.log(describeStatus(status));
  process.exitCode = exitCodeOf(status);
}

async function watchStatus(options: TargetOptions, format: WatchFormat): Promise<void> {
  const signal = untilStopped();
  await withDeployment(options, async ({ clients, deployment: name }: Connection) => {
    while (!signal.aborted) {
      // The stacks are read every time: one that is deployed meanwhile has other queues.
      const look = readDeployment(clients, name).then((deployment) => readStatus(clients, deployment));
      // What does not answer now may answer at the next look; what was seen before is not shown again as if it were of now.
      const seen = await look.catch((error: Error) => error);
      if (signal.aborted) return;
      showLook(seen, format);
      // The signal ends the sleep, and then the loop.
      await sleep(format.seconds * 1_000, undefined, { signal }).catch(() => undefined);
    }
  });
  endWellOnInterrupt();
}

interface WatchFormat {
  readonly json: boolean;
  readonly seconds: number;
}

function showLook(seen: Status | Error, { json, seconds }: WatchFormat): void {
  if (json) {
    if (seen instanceof Error) printJsonError({ name: seen.name, message: messageOf(seen) });
    else printJsonLine('status', seen);
    return;
  }
  const { isTTY } = process.stdout;
  const text = seen instanceof Error ? `Could not look: ${messageOf(seen)}` : describeStatus(seen);
  const at = seen instanceof Error ? new Date().toISOString() : seen.at;
  console.log(`${isTTY ? CLEAR : ''}${at}  every ${seconds} s until Ctrl-C\n\n${text}${isTTY ? '' : '\n'}`);
}

function exitCodeOf({ bus, consumers, problems }: Status): number {
  const parts = [bus, ...consumers];
  if (parts.some(({ trouble }) => trouble.length > 0)) return EXIT.trouble;
  return problems.length > 0 || parts.some((part) => part.problems.length > 0) ? EXIT.unknown : EXIT.ok;
}
