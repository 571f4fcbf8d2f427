import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Sets the `maxReceiveCount` of a consumer in a synthesized assembly to 2, so that a test waits less.
 *
 * @throws Error when no queue of the stack has a `maxReceiveCount`
 */
export function overrideMaxReceiveCount(assemblyDirectory: string, stack: string): void {
  const file = join(assemblyDirectory, `${stack}.template.json`);
  const template = readFileSync(file, 'utf8');
  const changed = template.replace(/"maxReceiveCount": \d+/, '"maxReceiveCount": 2');
  if (changed === template) throw new Error(`${stack} has no maxReceiveCount`);
  writeFileSync(file, changed);
}
