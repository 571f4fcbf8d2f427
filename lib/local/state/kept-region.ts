import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFile } from './private-files.ts';

const FILE = 'region';

/**
 * Refuses data of another region. A queue has its region in its ARN, and under another one it would be made anew, without the messages that
 * are in it.
 *
 * @throws Error when the data is of another region
 */
export function requireRegion(dataDirectory: string, region: string): void {
  const file = join(dataDirectory, FILE);
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (kept === '' || kept === region) return;
  throw new Error(
    `the data in ${dataDirectory} is of ${kept}, and the app is of ${region} now, where its queues would be new and empty; start with another data directory, or set the region of the stacks back`,
  );
}

/** Notes of which region the data is, once there is some. */
export function keepRegion(dataDirectory: string, region: string): void {
  const file = join(dataDirectory, FILE);
  makePrivateFile(file);
  writeFileSync(file, `${region}\n`);
}
