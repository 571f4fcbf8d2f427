import { type Command, Option } from 'commander';
import { runStart } from './start.ts';
import { accountId, nonEmpty, portNumber } from './terminal/parse-options.ts';

/** Adds `fanfare start`. */
export function addStartCommand(program: Command): void {
  const port = (flags: string, what: string, variable: string, preset: number): Option =>
    new Option(flags, `port of the ${what}; 0 takes a free one`)
      .env(variable)
      .default(preset)
      .argParser(portNumber);
  program
    .command('start')
    .description('Runs the synthesized stacks on this machine until Ctrl-C.')
    .addOption(port('--api-port <port>', 'HTTP API', 'FANFARE_API_PORT', 3000))
    .addOption(port('--aws-port <port>', 'SNS, SQS, S3 and SES endpoint', 'FANFARE_AWS_PORT', 4566))
    .addOption(port('--dynamodb-port <port>', 'DynamoDB endpoint', 'FANFARE_DYNAMODB_PORT', 8000))
    .addOption(port('--console-port <port>', 'console', 'FANFARE_CONSOLE_PORT', 3001))
    .option('--data <directory>', 'keep queues, tables and mail here over restarts (default: in memory)')
    .option('--events <file>', 'publish these as soon as it runs: a JSON array of CloudEvents', nonEmpty)
    .option(
      '--join [deployment]',
      'join a bus that runs on this machine, such as shop-dev (default for an app without a bus: the one it listens to)',
    )
    .addOption(
      new Option(
        '--account <id>',
        'account of this app when it joins (default: that of its stacks)',
      ).argParser(accountId),
    )
    .option('--remove-on-stop', 'when it joins: remove its queues and tables when it stops', false)
    .option('--watch', 'rebundle and swap functions when their sources change', false)
    .option('--verbose', "show the functions' own log lines", false)
    .action(runStart);
}
