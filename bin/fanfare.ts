#!/usr/bin/env node
import { Command } from 'commander';

/** Adds one command; only what is asked for is loaded, for all of it takes half a second. */
type Load = () => Promise<(program: Command) => void>;

const COMMANDS: Readonly<Record<string, Load>> = {
  start: async () => (await import('./commands/run-here.ts')).addStartCommand,
  demo: async () => (await import('./commands/run-here.ts')).addDemoCommand,
  publish: async () => (await import('./commands/publish.ts')).addPublishCommand,
  status: async () => (await import('./commands/operate/status.ts')).addStatusCommand,
  tail: async () => (await import('./commands/operate/tail.ts')).addTailCommand,
  dlq: async () => (await import('./commands/operate/dlq.ts')).addDlqCommands,
  trace: async () => (await import('./commands/operate/trace.ts')).addTraceCommand,
  doctor: async () => (await import('./commands/operate/doctor.ts')).addDoctorCommand,
  console: async () => (await import('./commands/operate/console.ts')).addConsoleCommand,
  chaos: async () => (await import('./commands/operate/chaos.ts')).addChaosCommand,
  destroy: async () => (await import('./commands/operate/destroy.ts')).addDestroyCommand,
  contracts: async () => (await import('./commands/contracts.ts')).addContractsCommands,
};

const program = new Command('fanfare')
  .description('Runs and operates a Fanfare event backbone.')
  .showHelpAfterError()
  .configureOutput({ outputError: (text, write) => write(text) })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const asked = COMMANDS[process.argv[2] ?? ''];
for (const load of asked ? [asked] : Object.values(COMMANDS)) (await load())(program);

try {
  await program.parseAsync();
} catch (error) {
  // The last resort of a command line: one line for the person, the stack only when asked for.
  console.error(`fanfare: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.FANFARE_DEBUG && error instanceof Error) console.error(error.stack);
  process.exit(1);
}
