import { isDeepStrictEqual } from 'node:util';
import { createCatalog } from '../catalog.ts';
import type { EventContract } from '../define-event.ts';
import { type Change, COMPATIBLE, type Proof } from './changes/change.ts';
import { compareVersions } from './compare-versions.ts';
import { type PublishedSchema, publishedSchema } from './json-schema.ts';

/** Schemas by the type on the wire. */
export type Schemas = ReadonlyMap<string, PublishedSchema>;

/** What was published, as the working copy and the commits that it is compared with have it. */
export interface Published {
  /** The files of the working copy. */
  readonly files: Schemas;
  /** What cannot be changed any more; none where there is no history. */
  readonly bases: readonly Base[];
}

/** A commit whose schemas count as published. */
export interface Base {
  /** How a person is told of it, such as `3eb022b (where this branch left origin/main)`. */
  readonly name: string;
  readonly schemas: Schemas;
}

/** How a version stands to what was published of it. */
export type Verdict =
  /** As it was published. */
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
  /** Changed in a way that breaks somebody; `base` names the commit, or is absent when it is the file that says otherwise. */
  | {
      readonly status: 'incompatible';
      readonly type: string;
      readonly changes: readonly Change[];
      /** Data that shows it, for each side. */
      readonly proofs: readonly Proof[];
      readonly base?: string;
    }
  /** Published, and its file is not in the working copy; `schema` is what belongs there. */
  | {
      readonly status: 'missing';
      readonly type: string;
      readonly schema: PublishedSchema;
      readonly base: string;
    }
  /** Published, and no contract knows it any more. */
  | { readonly status: 'gone'; readonly type: string; readonly schema: PublishedSchema }
  /** Published, and given up on purpose. */
  | { readonly status: 'retired'; readonly type: string };

/**
 * Compares every version of every contract with what was published of it: with its file, and with what the bases have, so that
 * neither an edited nor a deleted file makes an incompatible change pass. A published version must stay FULL compatible: new
 * consumers have to read what old producers publish (BACKWARD), and old consumers what new producers publish (FORWARD), for
 * neither side is deployed with the other.
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
      (contract ? judge(type, contract, { file, history }) : judgeWithoutContract(type, { file, history }))
    );
  });
}

/** The schemas of all versions. A version that is also a contract of its own is described by that one. */
function publishedSchemas(contracts: readonly EventContract[]): Schemas {
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

interface Said {
  readonly name?: string;
  readonly schema: PublishedSchema;
}

interface SaidBefore {
  readonly file: PublishedSchema | undefined;
  readonly history: readonly Required<Said>[];
}

function findBroken(
  type: string,
  now: PublishedSchema | undefined,
  before: readonly Said[],
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

function judge(type: string, contract: PublishedSchema, { file, history: [base] }: SaidBefore): Verdict {
  if (!file) {
    return base
      ? { status: 'missing', type, schema: contract, base: base.name }
      : { status: 'new', type, schema: contract };
  }
  if (isDeepStrictEqual(JSON.parse(JSON.stringify(contract)), file)) return { status: 'same', type };
  const back = {
    pointer: '/x-retired',
    detail: 'it was retired, and a contract has it again',
    breaks: COMPATIBLE,
  };
  const { 'x-retired': isRetired, ...before } = file;
  const changes = [...compareVersions(before, contract).changes, ...(isRetired ? [back] : [])];
  return { status: 'compatible', type, schema: contract, changes };
}

/** Only what was published is judged: there is a file, or a base has it. */
function judgeWithoutContract(type: string, { file, history: [base] }: SaidBefore): Verdict {
  if (file) return file['x-retired'] ? { status: 'retired', type } : { status: 'gone', type, schema: file };
  if (!base) throw new RangeError(`${type} was never published`);
  const { name, schema } = base;
  return schema['x-retired']
    ? { status: 'missing', type, schema, base: name }
    : { status: 'gone', type, schema };
}
