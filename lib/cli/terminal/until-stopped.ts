import { EXIT } from './exit-code.ts';

const SIGNALS = {
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  SIGHUP: EXIT.terminalClosed,
} as const;

/** What a closed pipe answers, and what a closed terminal answers. */
const NO_READER = ['EPIPE', 'EIO'];

let stopping: AbortController | undefined;
let stoppedWith: number | undefined;
/** Whether Ctrl-C is meant for a program that this one has started. */
let childHasTerminal = false;

/** The exit code of what has stopped the command, or undefined while nothing has. */
export function stopCode(): number | undefined {
  return stoppedWith;
}

/** The exit code of a command that runs until Ctrl-C: 0 after Ctrl-C. After another signal, the code of that signal. */
export function endWellOnInterrupt(): void {
  if (stoppedWith === EXIT.interrupted) process.exitCode = EXIT.ok;
}

/**
 * Fires when the command has to end: Ctrl-C, SIGTERM, a closed terminal, or a closed output. A command that has
 * something to clean up waits for it; every other one ends at once. The second Ctrl-C ends the process without cleaning up.
 */
export function untilStopped(): AbortSignal {
  if (stopping) return stopping.signal;
  stopping = new AbortController();
  for (const [name, code] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (name !== 'SIGINT' || !childHasTerminal) stop(code);
    });
  }
  return stopping.signal;
}

/** While another program uses the terminal, such as an editor, Ctrl-C is for that program, although both processes get the signal. */
export async function leaveInterruptsToChild<T>(run: () => Promise<T>): Promise<T> {
  childHasTerminal = true;
  try {
    return await run();
  } finally {
    childHasTerminal = false;
  }
}

/** Lets a command end quietly, without an error and a stack, when its output is closed. */
export function endWithOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!NO_READER.includes(error.code ?? '')) throw error;
      if (stopping?.signal.aborted) return;
      stop(error.code === 'EIO' ? EXIT.terminalClosed : EXIT.outputClosed);
    });
  }
}

function stop(code: number): void {
  if (!stopping || stopping.signal.aborted) process.exit(stoppedWith ?? code);
  stoppedWith = code;
  stopping.abort();
}
