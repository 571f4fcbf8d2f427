import type { Command } from 'commander';

/** A command whose code is loaded only when it is asked for: all of it takes half a second. */
export interface CataloguedCommand {
  /** One short line for the list of all commands. */
  readonly summary: string;
  load(): Promise<(program: Command) => void>;
}

/** All commands, in the order in which a newcomer meets them. */
export const CATALOGUE: Readonly<Record<string, CataloguedCommand>> = {
  init: {
    summary: 'Write a small app into a new folder',
    load: async () => (await import('./init/init-command.ts')).addInitCommand,
  },
  start: {
    summary: 'Run the stacks on this machine, until Ctrl-C',
    load: async () => (await import('./start-command.ts')).addStartCommand,
  },
  publish: {
    summary: 'Publish an event of the contracts',
    load: async () => (await import('./publish.ts')).addPublishCommand,
  },
  status: {
    summary: 'What waits, what is dead and which alarms are on',
    load: async () => (await import('./operate/status.ts')).addStatusCommand,
  },
  tail: {
    summary: 'Show events as they pass, until Ctrl-C',
    load: async () => (await import('./operate/tail.ts')).addTailCommand,
  },
  events: {
    summary: 'List and search the events that the archive keeps',
    load: async () => (await import('./operate/events.ts')).addEventsCommand,
  },
  dlq: {
    summary: 'Dead letters: why they died, and what to do with them',
    load: async () => (await import('./operate/dlq.ts')).addDlqCommands,
  },
  pause: {
    summary: 'Stop a consumer: its events wait in its queue',
    load: async () => (await import('./operate/intake/intake-commands.ts')).addPauseCommand,
  },
  resume: {
    summary: 'Let a stopped consumer take events again',
    load: async () => (await import('./operate/intake/intake-commands.ts')).addResumeCommand,
  },
  replay: {
    summary: 'Send archived events to one consumer again',
    load: async () => (await import('./operate/replay.ts')).addReplayCommands,
  },
  scheduled: {
    summary: 'Events that come later: list and cancel them',
    load: async () => (await import('./operate/scheduled/add-commands.ts')).addScheduledCommands,
  },
  saga: {
    summary: 'In which steps the sagas are, and how they came there',
    load: async () => (await import('./operate/saga/add-commands.ts')).addSagaCommands,
  },
  erase: {
    summary: 'Erase what a deployment holds of a person',
    load: async () => (await import('./operate/erase.ts')).addEraseCommand,
  },
  trace: {
    summary: 'Tell who took an event, when, and what that caused',
    load: async () => (await import('./operate/trace.ts')).addTraceCommand,
  },
  who: {
    summary: 'List who publishes an event and who takes it',
    load: async () => (await import('./operate/who.ts')).addWhoCommand,
  },
  bus: {
    summary: 'Print what another account needs to know of the bus',
    load: async () => (await import('./operate/bus.ts')).addBusCommand,
  },
  doctor: {
    summary: 'Compare a deployment with what is synthesized',
    load: async () => (await import('./operate/doctor.ts')).addDoctorCommand,
  },
  console: {
    summary: 'Serve the page that shows a deployment',
    load: async () => (await import('./operate/console.ts')).addConsoleCommand,
  },
  open: {
    summary: 'Open the console, the API or its documents in a browser',
    load: async () => (await import('./operate/open.ts')).addOpenCommand,
  },
  advance: {
    summary: 'Let time pass at once on this machine',
    load: async () => (await import('./advance.ts')).addAdvanceCommand,
  },
  chaos: {
    summary: 'Break something on this machine on purpose',
    load: async () => (await import('./operate/chaos.ts')).addChaosCommand,
  },
  cost: {
    summary: 'Say what the synthesized stacks cost a month',
    load: async () => (await import('./operate/cost.ts')).addCostCommand,
  },
  destroy: {
    summary: 'Destroy the stacks of a stage on AWS',
    load: async () => (await import('./operate/destroy.ts')).addDestroyCommand,
  },
  contracts: {
    summary: 'Check, accept, share and document the contracts of the events',
    load: async () => (await import('./contracts.ts')).addContractsCommands,
  },
  completion: {
    summary: 'Print what lets a shell complete these commands',
    load: async () => (await import('./completion.ts')).addCompletionCommand,
  },
};
