import { Command } from 'commander';
import { messageOf } from '../../ops/problem.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { describeInit } from './init-command.ts';

// The command of the package `create-fanfare`, which `npm create fanfare` runs: `fanfare init`, without what an app needs later.
try {
  const command = new Command('create-fanfare');
  describeInit(command);
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.ok : EXIT.usage));
  await command.showHelpAfterError().parseAsync();
} catch (error) {
  console.error(`create-fanfare: ${messageOf(error)}`);
  process.exitCode = EXIT.trouble;
}
