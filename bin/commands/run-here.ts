import { type Command, Option } from 'commander';
import { runDemo } from './demo.ts';
import { runStart } from './start.ts';

/** Adds `fanfare start`. */
export function addStartCommand(program: Command): void {
  const port = (flags: string, what: string, variable: string, preset: number): Option =>
    new Option(flags, `port of the ${what}; 0 takes a free one`)
      .env(variable)
      .default(preset)
      .argParser((text) => wholeNumber(program, text));
  program
    .command('start')
    .description('Runs the synthesized stacks on this machine until Ctrl-C.')
    .addOption(port('--api-port <port>', 'HTTP API', 'FANFARE_API_PORT', 3000))
    .addOption(port('--aws-port <port>', 'SNS, SQS, S3 and SES endpoint', 'FANFARE_AWS_PORT', 4566))
    .addOption(port('--dynamodb-port <port>', 'DynamoDB endpoint', 'FANFARE_DYNAMODB_PORT', 8000))
    .addOption(port('--console-port <port>', 'console', 'FANFARE_CONSOLE_PORT', 3001))
    .option('--data <directory>', 'keep queues, tables and mail here over restarts (default: in memory)')
    .option('--watch', 'rebundle and swap functions when their sources change', false)
    .option('--verbose', "show the functions' own log lines", false)
    .action(runStart);
}

/** Adds `fanfare demo`. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'Starts the stacks on free ports, publishes orders, waits until the bus is quiet, and checks the books.',
    )
    .option('--orders <count>', 'how many orders', (text) => wholeNumber(program, text), 200)
    .option('--json', 'print the result as JSON', false)
    .action(runDemo);
}

function wholeNumber(program: Command, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    program.error(`error: '${text}' is not a whole number`, { exitCode: 2 });
  return value;
}
