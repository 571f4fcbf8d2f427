import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makePrivateFile, makePrivateFolder } from '../state/private-files.ts';

/** A DynamoDB process on this machine. */
export interface DynamoDBEngine {
  readonly endpoint: string;
  /** Rejects when the engine ends by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 5_000;
/** A process that nothing keeps alive ends within milliseconds. */
const END_TIMEOUT_MS = 3_000;
/** The lines that the engine writes when nothing is wrong. */
const EXPECTED_OUTPUT = /^(\s*|Dynoxide listening on .*)$/;
/** Ends the engine when this process has ended, even if it was killed: then its end of the pipe is closed. */
const WATCHDOG = 'exec 3<&0; "$@" & engine=$!; (cat <&3 >/dev/null; kill $engine 2>/dev/null) & wait $engine';

/**
 * Starts the embedded DynamoDB, or uses the one that `DYNAMODB_ENDPOINT` names.
 *
 * @param port port that it listens on
 * @param dataDirectory folder of its file; when undefined, data is kept in memory
 * @param host an address of this machine
 * @throws Error when there is no engine for this platform (it says how to install one), or when the engine cannot read its file
 */
export async function startDynamoDB(
  port: number,
  dataDirectory: string | undefined,
  host = '127.0.0.1',
): Promise<DynamoDBEngine> {
  const external = process.env.DYNAMODB_ENDPOINT;
  if (external)
    return { endpoint: external, failed: new Promise(() => undefined), stop: async () => undefined };
  // In its own process group: Ctrl-C in the terminal must not end the engine while handlers still use it.
  const process_ = spawn(
    'sh',
    ['-c', WATCHDOG, 'sh', findExecutable(), ...engineArguments({ host, port, dataDirectory })],
    { stdio: ['pipe', 'ignore', 'pipe'], detached: true },
  );
  let stopping = false;
  const failed = watchForFailure(process_, () => stopping);
  const endpoint = `http://${host}:${port}`;
  const stop = async (): Promise<void> => {
    stopping = true;
    await end(process_);
  };
  try {
    await Promise.race([waitUntilItAnswers(endpoint), failed]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, failed, stop };
}

function watchForFailure(process_: ChildProcess, isStopping: () => boolean): Promise<never> {
  let errorOutput = '';
  process_.stderr?.on('data', (chunk: Buffer) => {
    errorOutput = `${errorOutput}${chunk.toString()}`.slice(-2_000);
  });
  const failed = new Promise<never>((_, reject) => {
    process_.once('error', reject);
    process_.once('exit', async (code, signal) => {
      const closed = once(process_, 'close');
      // When only the shell has died, the engine goes on, and the next one must not use its file at the same time.
      killGroup(process_);
      // The last output may arrive after the exit. An engine that still lives keeps the pipe open.
      await Promise.race([closed, sleep(END_TIMEOUT_MS)]);
      const errorLines = errorOutput.split('\n').filter((line) => !EXPECTED_OUTPUT.test(line));
      const reason = [`the DynamoDB engine ended with ${signal ?? code}`, ...errorLines].join(': ');
      if (!isStopping()) reject(new Error(reason));
    });
  });
  // A caller that ignores `failed` must not die of an unhandled rejection.
  failed.catch(() => undefined);
  return failed;
}

interface EngineArguments {
  readonly host: string;
  readonly port: number;
  readonly dataDirectory: string | undefined;
}

function engineArguments({ host, port, dataDirectory }: EngineArguments): string[] {
  const address = ['--host', host, '--port', String(port)];
  if (dataDirectory === undefined) return address;
  const file = join(dataDirectory, 'dynamodb.sqlite');
  makePrivateFolder(dataDirectory);
  makePrivateFile(file);
  return [...address, '--db-path', file];
}

function findExecutable(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const shipped = shippedExecutable(platform);
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'dynoxide'));
  const found = [...shipped, ...onPath].find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new Error(
    `there is no embedded DynamoDB for ${platform}: install the package @dynoxide/${platform}, put a dynoxide on the ` +
      'PATH (https://github.com/nubo-db/dynoxide), or set DYNAMODB_ENDPOINT to the URL of a running DynamoDB Local',
  );
}

/** The executable in the npm package for this platform; none when the package is not installed. */
function shippedExecutable(platform: string): readonly string[] {
  try {
    return [createRequire(import.meta.url).resolve(`@dynoxide/${platform}/dynoxide`)];
  } catch {
    // There is no such package, or it is not installed. The PATH is searched next.
    return [];
  }
}

async function waitUntilItAnswers(endpoint: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    try {
      await (await fetch(endpoint)).body?.cancel();
      return;
    } catch {
      // It does not listen yet. Any answer, also an error, means that it listens.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error(`the DynamoDB engine did not answer on ${endpoint} within ${START_TIMEOUT_MS} ms`);
}

async function end(process_: ChildProcess): Promise<void> {
  if (process_.exitCode !== null || process_.signalCode !== null) return;
  const closed = once(process_, 'close');
  process_.stdin?.end();
  // Without its watchdog, the engine goes on.
  const timer = setTimeout(() => killGroup(process_), END_TIMEOUT_MS);
  await closed;
  clearTimeout(timer);
}

/** Kills the shell, the engine and the watchdog, or those that are left. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // None is left.
  }
}
