import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A CloudFormation resource in a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<
      string,
      { readonly Value: unknown; readonly Export?: { readonly Name: unknown }; readonly Condition?: string }
    >
  >;
  readonly Parameters?: Readonly<Record<string, { readonly Type?: string; readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** One stack of a synthesized app. */
export interface AssemblyStack {
  readonly id: string;
  readonly stackName: string;
  /** Undefined when the stack may be deployed to any region. */
  readonly region: string | undefined;
  /** Undefined when the stack may be deployed to any account. */
  readonly account: string | undefined;
  readonly template: Template;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether CloudFormation refuses to delete the stack. */
  readonly terminationProtection: boolean;
  /** Construct paths by logical id, for example `shop-dev-Inventory/Consumer/Queues/Queue/Resource`. */
  readonly paths: ReadonlyMap<string, string>;
  /** Folders of file assets, by their S3 key in the template. */
  readonly assets: ReadonlyMap<string, string>;
}

/** Metadata that the CDK writes, by construct path. The logical id of the resource is part of it. */
type Metadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly additionalMetadataFile?: string;
  readonly metadata?: Metadata;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly tags?: Record<string, string>;
    readonly terminationProtection?: boolean;
  };
}

interface AssetFile {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Record<string, { readonly objectKey: string }>;
      }
    >
  >;
}

/**
 * Reads a synthesized assembly (cdk.out).
 *
 * @returns its stacks; each comes after the stacks that it depends on
 * @throws Error when there is no assembly in the directory
 */
export function readAssembly(directory: string): AssemblyStack[] {
  const artifacts = Object.entries(readManifest(directory));
  const assets = readAssets(directory, artifacts);
  const stacks = artifacts.filter(([, { type }]) => type === 'aws:cloudformation:stack');
  return inOrder(stacks).map(([id, artifact]) => {
    const {
      templateFile = '',
      stackName = id,
      tags = {},
      terminationProtection = false,
    } = artifact.properties ?? {};
    const [region, account] = artifact.environment?.split('/').toReversed() ?? [];
    return {
      id,
      stackName,
      region: region === 'unknown-region' ? undefined : region,
      account: account === 'unknown-account' ? undefined : account,
      template: readJson(join(directory, templateFile)) as Template,
      tags,
      terminationProtection,
      paths: readPaths(directory, artifact),
      assets,
    };
  });
}

function readManifest(directory: string): Record<string, Artifact> {
  try {
    const manifest = readJson(join(directory, 'manifest.json')) as {
      readonly artifacts?: Record<string, Artifact>;
    };
    return manifest.artifacts ?? {};
  } catch (cause) {
    throw new Error(
      `there is no synthesized app in ${directory} (no readable manifest.json); run cdk synth first`,
      { cause },
    );
  }
}

function readAssets(
  directory: string,
  artifacts: readonly (readonly [string, Artifact])[],
): Map<string, string> {
  const assets = new Map<string, string>();
  for (const [id, { type }] of artifacts) {
    if (type !== 'cdk:asset-manifest') continue;
    const { files = {} } = readJson(join(directory, `${id}.json`)) as AssetFile;
    for (const { source, destinations } of Object.values(files)) {
      for (const { objectKey } of Object.values(destinations)) {
        assets.set(objectKey, resolve(directory, source.path ?? ''));
      }
    }
  }
  return assets;
}

function readPaths(directory: string, { metadata, additionalMetadataFile }: Artifact): Map<string, string> {
  const notes =
    additionalMetadataFile === undefined
      ? metadata
      : (readJson(join(directory, additionalMetadataFile)) as Metadata);
  const paths = new Map<string, string>();
  for (const [path, entries] of Object.entries(notes ?? {})) {
    for (const { type, data } of entries) {
      if (type === 'aws:cdk:logicalId') paths.set(String(data), path.replace(/^\//, ''));
    }
  }
  return paths;
}

function inOrder(stacks: readonly (readonly [string, Artifact])[]): (readonly [string, Artifact])[] {
  const byId = new Map(stacks.map((stack) => [stack[0], stack]));
  const ordered = new Map<string, readonly [string, Artifact]>();
  const visit = (id: string): void => {
    const stack = byId.get(id);
    if (!stack || ordered.has(id)) return;
    for (const dependency of stack[1].dependencies ?? []) visit(dependency);
    ordered.set(id, stack);
  };
  for (const [id] of stacks) visit(id);
  return [...ordered.values()];
}

/** The CDK writes the files of an assembly in a documented form, so their shape is not checked. */
function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
