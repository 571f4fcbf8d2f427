import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect } from 'vitest';
import { eventually } from '../../apps/client.ts';

/** An app that `fanfare start` runs in a process of its own. */
export interface StartedApp {
  /** What it has said so far. */
  output(): string;
  isRunning(): boolean;
  /** Its exit code, when it has ended by itself. */
  ended(): Promise<number | null>;
  /** Ctrl-C, and waits until it has ended. */
  stop(): Promise<void>;
}

interface StartOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly args?: readonly string[];
  /** What it says when it runs. */
  readonly until: string;
}

const START_MILLISECONDS = 90_000;

/** Starts the app in a folder, and waits until it says that it runs. */
export async function startApp(cwd: string, { env, args = [], until }: StartOptions): Promise<StartedApp> {
  const child = spawn(process.execPath, [resolve('lib/cli/fanfare.ts'), 'start', ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  await eventually(
    `it says '${until}'`,
    () => output.includes(until) || (!isRunning() && expect.fail(output)),
    START_MILLISECONDS,
  );
  return {
    output: () => output,
    isRunning,
    ended: async () => {
      if (isRunning()) await once(child, 'exit');
      return child.exitCode;
    },
    stop: async () => {
      if (!isRunning()) return;
      child.kill('SIGINT');
      await once(child, 'exit');
      expect(child.exitCode, output).toBe(0);
    },
  };
}
