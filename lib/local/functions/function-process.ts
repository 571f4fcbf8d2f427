import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FunctionConfiguration } from './local-function.ts';
import type { FromProcess, InvocationRequest, ProcessSetup } from './protocol.ts';

/** What hears of a function's process. */
export interface ProcessListener {
  /** A line that it wrote to standard output or error. */
  line(line: string): void;
  message(message: FromProcess): void;
  /** It has ended, and all that it wrote or sent has been heard. Comes once. */
  ended(reason: string): void;
}

const PROGRAM = fileURLToPath(new URL('./runtime-process.ts', import.meta.url));
/** Those that run: they end with this process, also when it ends by an error of its own. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const one of running) killGroup(one);
});

/** What V8 and Node.js write before they abort: out of memory, a failed check. */
const LAST_WORDS = /^FATAL ERROR: |^# Check failed: /;

/**
 * The process of one execution environment, with a function's bundle in it.
 *
 * A process and not a worker thread, because V8 keeps a register of its code pages for a whole process: when that breaks, as it does in
 * Node.js 24 where threads that use WebAssembly come and go, everything in the process ends. So does everything when a handler kills its
 * process. Here one function ends, as in Lambda.
 *
 * @see https://github.com/nodejs/node/issues/64500
 */
export class FunctionProcess {
  readonly #process: ChildProcess;
  readonly #closed: Promise<void>;
  #lastWords = '';

  constructor(configuration: FunctionConfiguration, listener: ProcessListener) {
    this.#process = forkProcess(configuration);
    running.add(this.#process);
    const hear = (line: string): void => {
      if (LAST_WORDS.test(line)) this.#lastWords = `: ${line}`;
      listener.line(line);
    };
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream) createInterface(stream).on('line', hear);
    }
    // Only the program that is started here sends on this channel.
    this.#process.on('message', (message) => listener.message(message as FromProcess));
    // What it has started itself would hold its output open.
    this.#process.on('exit', () => killGroup(this.#process));
    this.#closed = new Promise((resolve) => {
      const end = (reason: string): void => {
        running.delete(this.#process);
        listener.ended(reason);
        resolve();
      };
      this.#process.once('close', (code, signal) => end(describeEnd(code, signal) + this.#lastWords));
      this.#process.on('error', (error) => end(`the process was not started: ${error.message}`));
    });
  }

  send(request: InvocationRequest): void {
    // What cannot be sent is not answered: the process has ended, and its end says why.
    this.#process.send(request, () => undefined);
  }

  /** Ends it and all that it has started, also in the middle of an invocation. */
  async stop(): Promise<void> {
    killGroup(this.#process);
    await this.#closed;
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of its group runs any more, or this system knows no groups; then the process alone is ended.
    child.kill('SIGKILL');
  }
}

function forkProcess(configuration: FunctionConfiguration): ChildProcess {
  const setup: ProcessSetup = {
    directory: configuration.directory,
    handler: configuration.handler,
    functionName: configuration.name,
    functionArn: configuration.arn,
    logGroupName: configuration.logGroupName,
    memoryMegabytes: configuration.memoryMegabytes,
  };
  return fork(PROGRAM, [JSON.stringify(setup)], {
    cwd: configuration.directory,
    env: { ...configuration.environment },
    // The fault of V8 has been seen on processors with memory protection keys; off costs nothing.
    execArgv: ['--no-memory-protection-keys', `--max-old-space-size=${configuration.memoryMegabytes}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A process group of its own: Ctrl-C in the terminal does not end it before what it does is finished.
    detached: true,
  });
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `the process was ended by ${signal}` : `the process exited with ${code}`;
}
