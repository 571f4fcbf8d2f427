#!/usr/bin/env node
import { Command, Option } from 'commander';
import { addContractsCommands } from './commands/contracts.ts';
import { runDemo } from './commands/demo.ts';
import { addChaosCommand } from './commands/operate/chaos.ts';
import { addConsoleCommand } from './commands/operate/console.ts';
import { addDlqCommands } from './commands/operate/dlq.ts';
import { addDoctorCommand } from './commands/operate/doctor.ts';
import { addStatusCommand } from './commands/operate/status.ts';
import { addTailCommand } from './commands/operate/tail.ts';
import { addTraceCommand } from './commands/operate/trace.ts';
import { addPublishCommand } from './commands/publish.ts';
import { runStart } from './commands/start.ts';

const program = new Command('fanfare')
  .description('Runs and operates a Fanfare event backbone.')
  .showHelpAfterError()
  .configureOutput({ outputError: (text, write) => write(text) })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

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

program
  .command('demo')
  .description(
    'Starts the stacks on free ports, publishes orders, waits until the bus is quiet, and checks the books.',
  )
  .option('--orders <count>', 'how many orders', wholeNumber, 200)
  .option('--json', 'print the result as JSON', false)
  .action(runDemo);

addPublishCommand(program);
addStatusCommand(program);
addTailCommand(program);
addDlqCommands(program);
addTraceCommand(program);
addDoctorCommand(program);
addConsoleCommand(program);
addChaosCommand(program);
addContractsCommands(program);

function port(flags: string, what: string, variable: string, preset: number): Option {
  return new Option(flags, `port of the ${what}; 0 takes a free one`)
    .env(variable)
    .default(preset)
    .argParser(wholeNumber);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    program.error(`error: '${text}' is not a whole number`, { exitCode: 2 });
  return value;
}

try {
  await program.parseAsync();
} catch (error) {
  // The last resort of a command line: one line for the person, the stack only when asked for.
  console.error(`fanfare: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.FANFARE_DEBUG && error instanceof Error) console.error(error.stack);
  process.exit(1);
}
