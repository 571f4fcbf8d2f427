import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A resource in a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  /** Name of the condition under which it exists. */
  readonly Condition?: string;
}

export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Type?: string; readonly Default?: unknown }>>;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value?: unknown; readonly Export?: { readonly Name?: unknown } }>
  >;
}

/** A synthesized stack. */
export interface SynthesizedStack {
  readonly stackName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  readonly template: Template;
  /** Construct paths by logical id, such as `shop-dev-Email/Consumer/Queues/Queue`. */
  readonly paths: ReadonlyMap<string, string>;
}

interface Artifact {
  readonly type: string;
  readonly additionalMetadataFile?: string;
  readonly metadata?: Metadata;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly terminationProtection?: boolean;
  };
}

/** Metadata that the CDK writes, by construct path. The logical id of the resource is part of it. */
type Metadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

/**
 * Reads the stacks of a synthesized assembly (cdk.out).
 *
 * @throws Error when there is no assembly in the directory
 */
export async function readAssembly(directory: string): Promise<readonly SynthesizedStack[]> {
  const { artifacts = {} } = await readJson<{ artifacts?: Readonly<Record<string, Artifact>> }>(
    directory,
    'manifest.json',
  ).catch((cause: unknown) => {
    throw new Error(
      `there is no synthesized app in ${directory} (no readable manifest.json); run cdk synth first`,
      {
        cause,
      },
    );
  });
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  return Promise.all(stacks.map(([id, artifact]) => readStack(directory, id, artifact)));
}

/** An app and one of its stages. */
export interface SynthesizedDeployment {
  readonly app: string;
  readonly stage: string;
}

/** The deployments in an assembly, from the tags of its stacks. */
export function deploymentsOf(stacks: readonly SynthesizedStack[]): readonly SynthesizedDeployment[] {
  const found = stacks.flatMap(({ tags: { 'fanfare:app': app, 'fanfare:stage': stage } }) =>
    app === undefined || stage === undefined ? [] : { app, stage },
  );
  return found.filter(
    ({ app, stage }, index) => found.findIndex((one) => one.app === app && one.stage === stage) === index,
  );
}

async function readStack(directory: string, id: string, artifact: Artifact): Promise<SynthesizedStack> {
  const {
    templateFile = '',
    stackName = id,
    tags = {},
    terminationProtection = false,
  } = artifact.properties ?? {};
  const metadata =
    artifact.additionalMetadataFile === undefined
      ? artifact.metadata
      : await readJson<Metadata>(directory, artifact.additionalMetadataFile);
  const template = await readJson<Template>(directory, templateFile);
  return { stackName, tags, terminationProtection, template, paths: pathsOf(metadata) };
}

function pathsOf(metadata: Metadata = {}): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const [path, entries] of Object.entries(metadata)) {
    for (const { type, data } of entries) {
      if (type === 'aws:cdk:logicalId') paths.set(String(data), path.replace(/^\/|\/Resource$/g, ''));
    }
  }
  return paths;
}

/** The CDK writes the files of an assembly in a documented form, so their shape is not checked. */
async function readJson<T>(directory: string, file: string): Promise<T> {
  return JSON.parse(await readFile(join(directory, file), 'utf8'));
}
