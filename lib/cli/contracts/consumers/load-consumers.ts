import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ConsumerDefinition } from '../../../contracts/define-consumer.ts';

/**
 * The consumers that an app defines in `lambdas/<name>/consumer.ts`.
 *
 * @param lambdas the folder
 * @throws Error when there is none
 */
export async function loadConsumers(lambdas: string): Promise<readonly ConsumerDefinition[]> {
  const files = globSync('*/consumer.ts', { cwd: lambdas }).toSorted();
  const modules: readonly object[] = await Promise.all(
    files.map((file) => import(pathToFileURL(join(lambdas, file)).href)),
  );
  const definitions = modules.flatMap((module) => Object.values(module).filter(isDefinition));
  if (definitions.length > 0) return definitions;
  throw new Error(
    `there is no consumer in ${join(lambdas, '<name>', 'consumer.ts')}; package.json may say where the functions are: "fanfare": { "lambdas": ... }`,
  );
}

function isDefinition(value: unknown): value is ConsumerDefinition {
  return typeof value === 'object' && value !== null && 'listensTo' in value && 'retry' in value;
}
