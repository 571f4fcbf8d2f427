import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { publishedSchema } from '../../../contracts/compatibility/json-schema.ts';
import { isJsonObject } from '../../../contracts/json/json.ts';
import { SCHEMA_FOLDER, SCHEMA_SUFFIX } from '../schema-files.ts';
import { bundleSources, portable, readSourceGraph } from './bundle-sources.ts';
import { declareSources } from './declare-sources.ts';
import {
  indexOf,
  manifestOf,
  type PackageAbout,
  type PackedContract,
  readmeOf,
  specifierOf,
} from './package-files.ts';
import { selectContracts } from './select-contracts.ts';

const TYPES = 'types';

/** What is packed, and where to. Paths are absolute. */
export interface PackOptions {
  /** The folder of the app. */
  readonly root: string;
  /** The folder of the contracts. */
  readonly events: string;
  /** The folder of the package. */
  readonly out: string;
  readonly about: PackageAbout;
  /** Names of events without their versions. @default - all */
  readonly only?: readonly string[] | undefined;
}

/** What is in a package. */
export interface Packed {
  readonly packed: readonly PackedContract[];
  /** Types of other events whose code is in it too, because their files are. */
  readonly unshared: readonly string[];
}

/**
 * Writes a package of the app's contracts: JavaScript, types and JSON Schemas. The same contracts give the same bytes.
 *
 * @returns what is in it
 * @throws Error when the folder has something else, the contracts import other packages, or their types are wrong
 */
export async function packContracts(options: PackOptions): Promise<Packed> {
  const { root, events, out, about, only } = options;
  await refuseOthersFolder(out);
  const index = join(events, 'index.ts');
  const graph = await readSourceGraph(index, root);
  const { contracts, unshared } = await selectContracts(events, graph, only);
  const modules = [...new Set(contracts.map(({ module }) => module))].toSorted();
  await mkdir(dirname(out), { recursive: true });
  const work = await mkdtemp(join(dirname(out), '.pack-'));
  const draft = join(work, 'package');
  try {
    const code = await bundleSources(modules, { root, outbase: dirname(events), outdir: draft });
    const declared = only === undefined ? [...new Set([...modules, index])] : modules;
    const types = await declareSources(declared, { root, outdir: join(draft, TYPES) });
    const typesOf = (module: string): string => portable(join(TYPES, types.get(module) ?? ''));
    const packed = contracts.map(({ name, contract, module }) => ({
      name,
      contract,
      code: code.get(module) ?? '',
      types: typesOf(module),
    }));
    // Types that the app exports beside its contracts.
    const others = only === undefined ? `export type * from ${specifierOf(typesOf(index))};\n` : '';
    await writeTexts(draft, { packed, about, others });
    await rm(out, { recursive: true, force: true });
    await rename(draft, out);
    return { packed, unshared };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function writeTexts(
  folder: string,
  {
    packed,
    about,
    others,
  }: {
    readonly packed: readonly PackedContract[];
    readonly about: PackageAbout;
    readonly others: string;
  },
): Promise<void> {
  const versions = packed.flatMap(({ contract }) =>
    contract.versions.map((version) => ({ version, description: contract.description })),
  );
  const schemas = versions.map(({ version, description }) => [
    `${SCHEMA_FOLDER}/${version.versionedType}${SCHEMA_SUFFIX}`,
    toText(publishedSchema(version, description)),
  ]);
  const files: Readonly<Record<string, string>> = {
    'package.json': toText(manifestOf(about)),
    'README.md': readmeOf(about, packed),
    'index.js': indexOf(packed, 'code'),
    'index.d.ts': indexOf(packed, 'types') + others,
    ...Object.fromEntries(schemas),
  };
  await mkdir(join(folder, SCHEMA_FOLDER));
  for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
}

function toText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Only an earlier package may be replaced. */
async function refuseOthersFolder(folder: string): Promise<void> {
  if (!existsSync(folder) || (await readdir(folder)).length === 0) return;
  const manifest = join(folder, 'package.json');
  const content: unknown = existsSync(manifest) ? JSON.parse(await readFile(manifest, 'utf8')) : undefined;
  if (isJsonObject(content) && isJsonObject(content.fanfare) && content.fanfare.contracts !== undefined)
    return;
  throw new Error(`${folder} has something else than a package of contracts; name another folder with --out`);
}
