import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { LocalStack } from '../../../lib/local/local-stack.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Begins a command about what runs here, as somebody at this machine would type it. */
export function beginFanfare(
  { awsEndpoint, dynamodbEndpoint, apiUrl }: Pick<LocalStack, 'awsEndpoint' | 'dynamodbEndpoint' | 'apiUrl'>,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const child = spawn(process.execPath, [join(process.cwd(), 'lib/cli/fanfare.ts'), ...args], {
    env: {
      PATH: process.env.PATH,
      NO_COLOR: '1',
      FANFARE_URL: apiUrl,
      FANFARE_AWS_PORT: new URL(awsEndpoint).port,
      FANFARE_DYNAMODB_PORT: new URL(dynamodbEndpoint).port,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...output })));
  return { output, ended, interrupt: () => child.kill('SIGINT') };
}

export const runFanfare = (...of: Parameters<typeof beginFanfare>): Promise<Ended> =>
  beginFanfare(...of).ended;
