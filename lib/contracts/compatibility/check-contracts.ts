import { isDeepStrictEqual } from 'node:util';
import { createCatalog } from '../catalog.ts';
import type { EventContract } from '../define-event.ts';
import { type Change, COMPATIBLE, type Proof } from './changes/change.ts';
import { compareVersions } from './compare-versions.ts';
import { type PublishedSchema, publishedSchema } from './json-schema.ts';

/** Schemas by type on the wire, such as `shop.OrderPlaced.v1`. */
export type Schemas = ReadonlyMap<string, PublishedSchema>;

/** The published schemas: those in the working copy, and those in the commits to compare with. */
export interface Published {
  /** The files of the working copy. */
  readonly files: Schemas;
  /** The commits whose schemas cannot be changed any more; empty when there is no history. */
  readonly bases: readonly Base[];
}

/** A commit whose schemas count as published. */
export interface Base {
  /** For people, such as `3eb022b (where this branch left origin/main)`. */
  readonly name: string;
  readonly schemas: Schemas;
}

/** The result of comparing a version with what was published of it. */
export type Verdict =
  /** The same as it was published. */
  | { readonly status: 'same'; readonly type: string }
  /** Not published yet. */
  | { readonly status: 'new'; readonly type: string; readonly schema: PublishedSchema }
  /** Changed in a way that breaks nobody. */
  | {
      readonly status: 'compatible';
      readonly type: string;
      readonly schema: PublishedSchema;
      readonly changes: readonly Change[];
    }
  /** Changed in a way that breaks somebody. `base` is the commit that it was compared with; absent when it was the file. */
  | {
      readonly status: 'incompatible';
      readonly type: string;
      readonly changes: readonly Change[];
      /** Why each side is broken. */
      readonly proofs: readonly Proof[];
      readonly base?: string;
    }
  /** Published, but the working copy has no file. `schema` is the content that the file should have. */
  | {
      readonly status: 'missing';
      readonly type: string;
      readonly schema: PublishedSchema;
      readonly base: string;
    }
  /** Published, but no contract has this version any more. */
  | { readonly status: 'gone'; readonly type: string; readonly schema: PublishedSchema }
  /** Published, and retired on purpose. */
  | { readonly status: 'retired'; readonly type: string };

/**
 * Compares every version of every contract with its file and with the schemas of the bases. So an incompatible change is found even if
 * the file was edited or deleted. A published version must stay FULL compatible, because producers and consumers are not deployed
 * together: new consumers have to read what old producers publish (BACKWARD), and old consumers what new producers publish (FORWARD).
 *
 * @throws TypeError when the contracts disagree about a version, as createCatalog does
 */
export function checkContracts(
  contracts: readonly EventContract[],
  { files, bases }: Published,
): readonly Verdict[] {
  const current = publishedSchemas(contracts);
  const others = [files, ...bases.map(({ schemas }) => schemas)].flatMap((schemas) => [...schemas.keys()]);
  return [...new Set([...current.keys(), ...others.toSorted()])].map((type) => {
    const contract = current.get(type);
    const file = files.get(type);
    const history = bases.flatMap(({ name, schemas }) => {
      const schema = schemas.get(type);
      return schema ? [{ name, schema }] : [];
    });
    return (
      findBroken(type, contract ?? file, [...(file ? [{ schema: file }] : []), ...history]) ??
      (contract
        ? verdictOf(type, contract, { file, history })
        : verdictWithoutContract(type, { file, history }))
    );
  });
}

/** The schemas of all versions, as the contracts have them. If a version is also its own contract, the description comes from that contract. */
export function publishedSchemas(contracts: readonly EventContract[]): Schemas {
  const own = new Map(contracts.map(({ versionedType, description }) => [versionedType, description]));
  const others = contracts.flatMap(({ versions, description }) =>
    versions.map(({ versionedType }) => [versionedType, description] as const),
  );
  const descriptions = new Map([...others, ...own]);
  const versions = [...createCatalog(contracts).values()];
  return new Map(
    versions.map((version) => {
      const { versionedType } = version;
      return [versionedType, publishedSchema(version, descriptions.get(versionedType) ?? '')] as const;
    }),
  );
}

interface EarlierSchema {
  readonly name?: string;
  readonly schema: PublishedSchema;
}

interface EarlierSchemas {
  readonly file: PublishedSchema | undefined;
  readonly history: readonly Required<EarlierSchema>[];
}

function findBroken(
  type: string,
  now: PublishedSchema | undefined,
  before: readonly EarlierSchema[],
): Verdict | undefined {
  if (!now) return undefined;
  for (const { name, schema } of before) {
    const comparison = compareVersions(schema, now);
    const changes = comparison.changes.filter(({ breaks }) => breaks.length > 0);
    const { proofs } = comparison;
    if (changes.length > 0)
      return { status: 'incompatible', type, changes, proofs, ...(name && { base: name }) };
  }
  return undefined;
}

function verdictOf(
  type: string,
  contract: PublishedSchema,
  { file, history: [base] }: EarlierSchemas,
): Verdict {
  if (!file) {
    return base
      ? { status: 'missing', type, schema: contract, base: base.name }
      : { status: 'new', type, schema: contract };
  }
  if (isDeepStrictEqual(JSON.parse(JSON.stringify(contract)), file)) return { status: 'same', type };
  const back = {
    pointer: '/x-retired',
    detail: 'the version was retired, and now a contract has it again',
    breaks: COMPATIBLE,
  };
  const { 'x-retired': isRetired, ...before } = file;
  const changes = [...compareVersions(before, contract).changes, ...(isRetired ? [back] : [])];
  return { status: 'compatible', type, schema: contract, changes };
}

/** The verdict on a version that was published and that no contract has. */
function verdictWithoutContract(type: string, { file, history: [base] }: EarlierSchemas): Verdict {
  if (file) return file['x-retired'] ? { status: 'retired', type } : { status: 'gone', type, schema: file };
  if (!base) throw new RangeError(`${type} was never published`);
  const { name, schema } = base;
  return schema['x-retired']
    ? { status: 'missing', type, schema, base: name }
    : { status: 'gone', type, schema };
}
