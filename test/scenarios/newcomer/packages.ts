import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);
export const INSTALL = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];

/** Neither credentials nor a region, and nothing of this project: the Node that the system has. */
export const newcomer: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|FANFARE_|npm_)/.test(name)),
  ),
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((path) => !path.includes('node_modules'))
    .join(delimiter),
  NO_COLOR: '1',
};
/** Outside of an app nobody brings a Node. */
export const withNode24 = { ...newcomer, PATH: [dirname(process.execPath), newcomer.PATH].join(delimiter) };

/** The tarballs of both packages, as they would be published. */
export interface Tarballs {
  readonly fanfare: string;
  readonly creator: string;
}

/** Builds both packages, and packs them into a folder. */
export async function packInto(folder: string): Promise<Tarballs> {
  await run(process.execPath, ['bin/package/build.ts']);
  const pack = async (source: string): Promise<string> => {
    const args = ['pack', source, '--pack-destination', folder, '--json'];
    const [{ filename }] = JSON.parse((await run('npm', args)).stdout);
    return join(folder, filename);
  };
  return { fanfare: await pack('./lib/dist'), creator: await pack('./dist/create-fanfare') };
}

type JsonFile = Record<string, Record<string, unknown>>;

/** Changes a JSON file in place. */
export function change(file: string, edit: (content: JsonFile) => void): void {
  const content: JsonFile = JSON.parse(readFileSync(file, 'utf8'));
  edit(content);
  writeFileSync(file, JSON.stringify(content, null, 2));
}

/** A port that nobody listens at now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
