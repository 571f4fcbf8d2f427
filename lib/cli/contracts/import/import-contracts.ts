import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compareVersions } from '../../../contracts/compatibility/compare-versions.ts';
import { type PublishedSchema, publishedSchema } from '../../../contracts/compatibility/json-schema.ts';
import type { EventContract } from '../../../contracts/define-event.ts';
import {
  contractSource,
  type NamedVersion,
  nameGiver,
  nameVersions,
} from '../../../contracts/source/contract-source.ts';
import { InexpressibleSchemaError } from '../../../contracts/source/read-keywords.ts';
import { quote } from '../../../contracts/source/source-text.ts';
import { messageOf } from '../../../ops/problem.ts';
import { loadContracts } from '../load-contracts.ts';
import { readSource } from './read-source.ts';

/** The first line of a file that may be overwritten begins so. */
const HEADER = "// Written by 'fanfare contracts import'";
const FILE = 'index.ts';

/** What was imported. */
export interface Imported {
  readonly file: string;
  /** The name of each contract, by its type on the wire. */
  readonly contracts: Readonly<Record<string, string>>;
  /** Versions that are given up, and were left out. */
  readonly retired: readonly string[];
}

/**
 * Writes contracts from the JSON Schemas of another repository into `<out>/index.ts`. It writes nothing unless every contract has the JSON
 * Schema that it was made from.
 *
 * @throws Error that names the versions which no contract can say, or the file which somebody else has written
 */
export async function importContracts(source: string, out: string): Promise<Imported> {
  const { versions, retired } = await readSource(source);
  const named = nameVersions(versions);
  const file = join(out, FILE);
  await refuseOthersFile(file);
  const text = [
    `${HEADER} from ${quote(source)}. The next import overwrites what you change here.`,
    "import { defineEvent } from 'fanfare/contracts';\nimport * as z from 'zod';\n",
    ...writeAll(named),
  ].join('\n');
  await mkdir(dirname(out), { recursive: true });
  // Beside the place where it belongs, so that it finds the same packages.
  const draft = await mkdtemp(join(dirname(out), '.import-'));
  try {
    await writeFile(join(draft, FILE), text);
    refuseOtherMeaning(named, await loadDraft(draft));
    await mkdir(out, { recursive: true });
    await rename(join(draft, FILE), file);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  const contracts = named.map(({ type, version, name }) => [`${type}.v${version}`, name] as const);
  return { file, contracts: Object.fromEntries(contracts), retired };
}

async function refuseOthersFile(file: string): Promise<void> {
  // A file that is not there can be written. What else is wrong with it, writing says.
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present === undefined || present.startsWith(HEADER)) return;
  throw new Error(`${file} was not written by an import; name another folder with --out, or move the file`);
}

function writeAll(versions: readonly NamedVersion[]): readonly string[] {
  const problems: string[] = [];
  const nameOf = nameGiver(versions.map(({ name }) => name));
  const texts = versions.map((version) => {
    try {
      return contractSource(version, nameOf);
    } catch (error) {
      if (!(error instanceof InexpressibleSchemaError)) throw error;
      problems.push(`  ${version.type}.v${version.version}: ${error.message}`);
      return '';
    }
  });
  if (problems.length > 0) throw refusal(problems);
  return texts;
}

async function loadDraft(folder: string): Promise<readonly EventContract[]> {
  try {
    return await loadContracts(folder);
  } catch (cause) {
    throw new Error(`nothing was imported: ${messageOf(cause)}`, { cause });
  }
}

/** The last check: what the text means, and not what it was meant to mean. */
function refuseOtherMeaning(versions: readonly NamedVersion[], contracts: readonly EventContract[]): void {
  const written = new Map(contracts.map((contract) => [contract.versionedType, contract]));
  const problems = versions.flatMap(({ type, version, schema }) => {
    const contract = written.get(`${type}.v${version}`);
    if (!contract) return [`  ${type}.v${version}: is not there`];
    // The title was read as a text before.
    const before = schema as PublishedSchema;
    const after: PublishedSchema = JSON.parse(
      JSON.stringify(publishedSchema(contract, contract.description)),
    );
    return compareVersions(before, after)
      .changes.filter(({ breaks }) => breaks.length > 0)
      .map(({ pointer, detail }) => `  ${type}.v${version}: ${pointer || '/'}: in the contract, ${detail}`);
  });
  if (problems.length > 0) throw refusal(problems);
}

function refusal(problems: readonly string[]): Error {
  return new Error(
    `nothing was imported, because no contract says the same as these schemas:\n${problems.join('\n')}`,
  );
}
