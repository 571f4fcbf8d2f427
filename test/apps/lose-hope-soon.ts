import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Lets a consumer of a synthesized assembly give up after two attempts instead of five: a test need not be as patient.
 *
 * @throws Error when the stack has no queue that gives up
 */
export function loseHopeSoon(assemblyDirectory: string, stack: string): void {
  const file = join(assemblyDirectory, `${stack}.template.json`);
  const template = readFileSync(file, 'utf8');
  const impatient = template.replace(/"maxReceiveCount": \d+/, '"maxReceiveCount": 2');
  if (impatient === template) throw new Error(`${stack} has no maxReceiveCount`);
  writeFileSync(file, impatient);
}
