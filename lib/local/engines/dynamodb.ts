import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePrivateFile, makePrivateFolder } from '../private-files.ts';

/** A DynamoDB process on this machine. */
export interface DynamoDBEngine {
  readonly endpoint: string;
  /** Rejects when the engine ends by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 5_000;
/** What it writes when nothing is wrong. */
const NO_COMPLAINT = /^(\s*|Dynoxide listening on .*)$/;
/** Ends the engine when this process is gone, even if it was killed: its end of the pipe closes then. */
const WATCHDOG = 'exec 3<&0; "$@" & engine=$!; (cat <&3 >/dev/null; kill $engine 2>/dev/null) & wait $engine';

/**
 * Starts the embedded DynamoDB, or takes the one that `DYNAMODB_ENDPOINT` names.
 *
 * @param port where it listens
 * @param dataDirectory where its file is kept; in memory when undefined
 * @param host an address of this machine
 * @throws Error when there is no engine for this platform, saying how to get one, or when it cannot read its file
 */
export async function startDynamoDB(
  port: number,
  dataDirectory: string | undefined,
  host = '127.0.0.1',
): Promise<DynamoDBEngine> {
  const external = process.env.DYNAMODB_ENDPOINT;
  if (external)
    return { endpoint: external, failed: new Promise(() => undefined), stop: async () => undefined };
  // In a process group of its own: a Ctrl-C in the terminal must not take the engine from handlers that still finish.
  const process_ = spawn(
    'sh',
    ['-c', WATCHDOG, 'sh', findExecutable(), ...engineArguments({ host, port, dataDirectory })],
    { stdio: ['pipe', 'ignore', 'pipe'], detached: true },
  );
  let stopping = false;
  const failed = untilItFails(process_, () => stopping);
  const endpoint = `http://${host}:${port}`;
  const stop = async (): Promise<void> => {
    stopping = true;
    await end(process_);
  };
  try {
    await Promise.race([untilItAnswers(endpoint), failed]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, failed, stop };
}

function untilItFails(process_: ChildProcess, isStopping: () => boolean): Promise<never> {
  let complaint = '';
  process_.stderr?.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString()}`.slice(-2_000);
  });
  const failed = new Promise<never>((_, reject) => {
    process_.once('error', reject);
    process_.once('exit', (code, signal) => {
      // Ends the watchdog too, and with it an engine whose shell alone has died.
      process_.stdin?.end();
      const complaints = complaint.split('\n').filter((line) => !NO_COMPLAINT.test(line));
      const reason = [`the DynamoDB engine ended with ${signal ?? code}`, ...complaints].join(': ');
      if (!isStopping()) reject(new Error(reason));
    });
  });
  // Whoever does not wait for it must not be brought down by an unhandled rejection.
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
  const shipped = fileURLToPath(
    new URL(`../../../node_modules/@dynoxide/${platform}/dynoxide`, import.meta.url),
  );
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'dynoxide'));
  const found = [shipped, ...onPath].find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new Error(
    `there is no embedded DynamoDB for ${platform}: install the package @dynoxide/${platform}, put a dynoxide on the ` +
      'PATH (https://github.com/nubo-db/dynoxide), or set DYNAMODB_ENDPOINT to a DynamoDB Local that runs',
  );
}

async function untilItAnswers(endpoint: string): Promise<void> {
  const giveUp = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < giveUp) {
    try {
      await (await fetch(endpoint)).body?.cancel();
      return;
    } catch {
      // Not listening yet; any answer at all means that it does.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error(`the DynamoDB engine does not answer on ${endpoint} after ${START_TIMEOUT_MS} ms`);
}

async function end(process_: ChildProcess): Promise<void> {
  if (process_.exitCode !== null || process_.signalCode !== null) return;
  const ended = once(process_, 'exit');
  process_.stdin?.end();
  await ended;
}
