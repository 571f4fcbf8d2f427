import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { sourceFile } from '../../project/source-file.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import type { FromProcess, InvocationRequest, ProcessSetup } from './protocol.ts';

/** Callbacks of a function's process. */
export interface ProcessListener {
  /** A line that it wrote to standard output or error. */
  line(line: string): void;
  message(message: FromProcess): void;
  /** Called once, when the process has ended and all its output and messages were delivered. */
  ended(reason: string): void;
}

const PROGRAM = sourceFile('./runtime-process', import.meta.url);
/** The running processes. They are ended with this process, also when this process ends by an error. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const one of running) killGroup(one);
});

/** Lines that V8 and Node.js write before they abort: out of memory, or a failed check. */
const FATAL_LINE = /^FATAL ERROR: |^# Check failed: /;

/**
 * The process of one execution environment, with the bundle of a function.
 *
 * It is a process and not a worker thread. A handler that kills its process must end only its own function, as in Lambda. And V8 can abort a
 * whole process in Node.js 24 when threads that use WebAssembly start and end often.
 *
 * @see https://github.com/nodejs/node/issues/64500
 */
export class FunctionProcess {
  readonly #process: ChildProcess;
  readonly #closed: Promise<void>;
  #fatalLine = '';

  constructor(configuration: FunctionConfiguration, listener: ProcessListener) {
    this.#process = forkProcess(configuration);
    running.add(this.#process);
    const onLine = (line: string): void => {
      if (FATAL_LINE.test(line)) this.#fatalLine = `: ${line}`;
      listener.line(line);
    };
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream) createInterface(stream).on('line', onLine);
    }
    // Only the program started here sends on this channel, so the type is known.
    this.#process.on('message', (message) => listener.message(message as FromProcess));
    // Processes that the function started would keep its output open, so they are ended too.
    this.#process.on('exit', () => killGroup(this.#process));
    this.#closed = new Promise((resolve) => {
      const end = (reason: string): void => {
        running.delete(this.#process);
        listener.ended(reason);
        resolve();
      };
      this.#process.once('close', (code, signal) => end(describeEnd(code, signal) + this.#fatalLine));
      this.#process.on('error', (error) => end(`the process was not started: ${error.message}`));
    });
  }

  send(request: InvocationRequest): void {
    // When sending fails, the process has ended. The `ended` callback reports that.
    this.#process.send(request, () => undefined);
  }

  /** Ends the process and all processes that it started, also during an invocation. */
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
    // The process group has ended, or this system has no process groups. Then only the process is ended.
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
    // The fault of V8 was seen on processors with memory protection keys. Turning them off costs nothing.
    execArgv: ['--no-memory-protection-keys', `--max-old-space-size=${configuration.memoryMegabytes}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // In its own process group: Ctrl-C in the terminal does not end it, so that it can finish its invocation.
    detached: true,
  });
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `the process was ended by ${signal}` : `the process exited with ${code}`;
}
