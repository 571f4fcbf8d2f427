import { type Command, Option } from 'commander';
import { advanceClock } from '../ops/local-clock.ts';
import { withPorts } from './operate/target.ts';
import { EXIT } from './terminal/exit-code.ts';
import { seconds } from './terminal/parse-options.ts';
import { printJson } from './terminal/print-json.ts';

interface AdvanceOptions {
  readonly stage?: string;
  readonly awsPort: number;
  readonly json: boolean;
}

/** Adds `fanfare advance`. */
export function addAdvanceCommand(program: Command): void {
  withPorts(program.command('advance'))
    // It is accepted and then refused with a message, because time on AWS cannot be moved.
    .addOption(new Option('--stage <name>').hideHelp())
    .description(
      'Lets time pass at once on this machine: what is due until then is delivered now, and functions see the time that has passed. ' +
        'It is real again after the next start.',
    )
    .argument('<duration>', 'how long, such as 90s, 15m, 2h or 30d', seconds)
    .option('--json', 'print the time as JSON', false)
    .action(runAdvance);
}

async function runAdvance(
  duration: number,
  { stage, awsPort, json }: AdvanceOptions,
  command: Command,
): Promise<void> {
  if (stage !== undefined)
    command.error('error: time goes ahead only on this machine; leave --stage out', { exitCode: EXIT.usage });
  const clock = await advanceClock(`http://127.0.0.1:${awsPort}`, duration);
  if (json) printJson('clock', clock);
  else console.log(`It is ${clock.now} on this machine now.`);
}
