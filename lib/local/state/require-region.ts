import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFile } from './private-files.ts';

/**
 * Refuses data of another region. A queue has its region in its ARN, and under another one it would be made anew, without the messages that
 * are in it. A data directory that does not know its region yet gets this one.
 *
 * @throws Error when the data is of another region
 */
export function requireRegion(dataDirectory: string, region: string): void {
  const file = join(dataDirectory, 'region');
  makePrivateFile(file);
  const kept = readFileSync(file, 'utf8').trim();
  if (kept === '') writeFileSync(file, `${region}\n`);
  else if (kept !== region)
    throw new Error(
      `the data in ${dataDirectory} is of ${kept}, and the app is of ${region} now, where its queues would be new and empty; start with another data directory, or set the region of the stacks back`,
    );
}
