import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder } from '../state/private-files.ts';

/** A bus that runs on this machine, and how another app joins it. */
export interface RunningBus {
  /** Such as `shop-dev`. */
  readonly deployment: string;
  readonly processId: number;
  /** URL of SNS, SQS, S3 and SES. */
  readonly awsEndpoint: string;
  /** Proves to the bus that who joins has the same owner: joining runs code there. */
  readonly token: string;
}

/** It holds a token. */
const OWNER_ONLY = 0o600;

/** Where each bus that runs leaves its address. Only its owner can read it. */
function folder(): string {
  return join(homedir(), '.fanfare', 'running');
}

/** Leaves the address of a bus, for other apps of the same user. @returns how to take it back */
export function announce(bus: RunningBus): () => void {
  makePrivateFolder(folder());
  const file = join(folder(), `${bus.processId}.json`);
  const address = JSON.stringify(bus);
  // Written whole: another app may be reading.
  writeFileSync(`${file}.new`, address, { mode: OWNER_ONLY });
  renameSync(`${file}.new`, file);
  return () => rmSync(file, { force: true });
}

/** The buses that run on this machine. The addresses of those that were killed are removed. */
export function findRunningBuses(): readonly RunningBus[] {
  return namesIn(folder()).flatMap((name) => {
    const file = join(folder(), name);
    if (isAlive(Number.parseInt(name, 10))) return read(file) ?? [];
    rmSync(file, { force: true });
    return [];
  });
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path).filter((name) => name.endsWith('.json'));
  } catch (error) {
    // Nothing has run here yet.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function read(file: string): RunningBus | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRunningBus(value) ? value : undefined;
  } catch {
    // It has just been removed, or is of something else.
    return undefined;
  }
}

function isRunningBus(value: unknown): value is RunningBus {
  return (
    typeof value === 'object' &&
    value !== null &&
    'deployment' in value &&
    typeof value.deployment === 'string' &&
    'processId' in value &&
    typeof value.processId === 'number' &&
    'awsEndpoint' in value &&
    typeof value.awsEndpoint === 'string' &&
    'token' in value &&
    typeof value.token === 'string'
  );
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    // There is no such process, or it is of another user, who cannot have written this file.
    return false;
  }
}
