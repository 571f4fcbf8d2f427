import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { LocalOptions } from '../../../lib/local/local-options.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';

/** A stack written by hand: a template, and the bundles of its functions by the key that the template names. */
export interface Stack {
  readonly name?: string;
  readonly resources: Readonly<Record<string, object>>;
  readonly outputs?: Readonly<Record<string, object>>;
  readonly parameters?: Readonly<Record<string, object>>;
  readonly bundles?: Readonly<Record<string, string>>;
  readonly dependencies?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** @default - it may be deployed to any */
  readonly region?: string;
}

/** Its clean-up is of the first file that imports it: the files that use it are isolated in vitest.config.ts. */
const folder = mkdtempSync(join(tmpdir(), 'fanfare-local-'));
const running = new Set<LocalStack>();

afterAll(async () => {
  await Promise.all([...running].map((local) => local.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** A new folder that is gone after the tests of this file. */
export function newFolder(): string {
  return mkdtempSync(join(folder, 'f-'));
}

/** A function of a template whose bundle is the given CommonJS source. */
export function functionOf(source: string, properties: object = {}): { resource: object; bundles: object } {
  const key = `${createHash('sha256').update(source).digest('hex')}.zip`;
  const Properties = { Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { S3Key: key }, ...properties };
  return { resource: { Type: 'AWS::Lambda::Function', Properties }, bundles: { [key]: source } };
}

/** Writes an assembly such as `cdk synth` would, into a new folder. */
export function writeAssembly(...stacks: Stack[]): string {
  const directory = newFolder();
  const artifacts = Object.fromEntries(
    stacks.flatMap(({ name = 'Shop', ...stack }) => writeStack(directory, name, stack)),
  );
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ version: '1', artifacts }));
  return directory;
}

function writeStack(directory: string, name: string, stack: Stack): [string, object][] {
  const { resources, outputs = {}, parameters = {}, bundles = {}, dependencies = [], tags = {} } = stack;
  const { region = 'unknown-region' } = stack;
  const files = Object.entries(bundles).map(([key, source]) => {
    mkdirSync(join(directory, `asset.${key}`));
    writeFileSync(join(directory, `asset.${key}`, 'index.cjs'), source);
    return [key, { source: { path: `asset.${key}` }, destinations: { here: { objectKey: key } } }];
  });
  const write = (file: string, content: object) =>
    writeFileSync(join(directory, file), JSON.stringify(content));
  write(`${name}.template.json`, {
    Resources: resources,
    Outputs: outputs,
    Parameters: parameters,
  });
  write(`${name}.assets.json`, { files: Object.fromEntries(files) });
  return [
    [`${name}.assets`, { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } }],
    [
      name,
      {
        type: 'aws:cloudformation:stack',
        environment: `aws://unknown-account/${region}`,
        properties: { templateFile: `${name}.template.json`, tags },
        dependencies,
      },
    ],
  ];
}

/** Runs an assembly on free ports until the tests of this file are over, or it is stopped. */
export async function run(
  assemblyDirectory: string,
  options: Partial<LocalOptions> = {},
): Promise<LocalStack> {
  const ports = { api: 0, aws: 0, dynamodb: 0 };
  const local = await startLocal({ assemblyDirectory, ports, log: () => undefined, ...options });
  running.add(local);
  return local;
}

/** Stops what runs, before the end of the tests. */
export async function stop(local: LocalStack): Promise<void> {
  running.delete(local);
  await local.stop();
}

/** The physical id of a resource. */
export function idOf(local: LocalStack, logicalId: string): string {
  const found = local.resources.find((resource) => resource.logicalId === logicalId);
  if (!found) throw new Error(`there is no ${logicalId}`);
  return found.physicalId;
}
