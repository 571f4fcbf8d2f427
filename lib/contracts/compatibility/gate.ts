import { isDeepStrictEqual } from 'node:util';
import type { EventContract } from '../define-event.ts';
import type { Change } from './change.ts';
import { compareVersions } from './compare-versions.ts';
import { type PublishedSchema, publishedSchema } from './json-schema.ts';

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
  /** Changed in a way that breaks somebody. */
  | { readonly status: 'incompatible'; readonly type: string; readonly changes: readonly Change[] }
  /** Published once, and no contract knows it any more. */
  | { readonly status: 'gone'; readonly type: string };

/**
 * Compares every version of every contract with what was published of it. A published version must stay FULL compatible: new
 * consumers have to read what old producers publish (BACKWARD), and old consumers what new producers publish (FORWARD), for
 * neither side is deployed with the other.
 *
 * @param published schemas by the type on the wire
 */
export function checkContracts(
  contracts: readonly EventContract[],
  published: ReadonlyMap<string, PublishedSchema>,
): readonly Verdict[] {
  const current = new Map(
    contracts.flatMap(({ description, versions }) =>
      versions.map((version) => [version.versionedType, publishedSchema(version, description)] as const),
    ),
  );
  const gone = [...published.keys()].filter((type) => !current.has(type));
  return [
    ...[...current].map(([type, schema]) => judge(type, schema, published.get(type))),
    ...gone.map((type) => ({ status: 'gone', type }) as const),
  ];
}

function judge(type: string, schema: PublishedSchema, before: PublishedSchema | undefined): Verdict {
  if (!before) return { status: 'new', type, schema };
  if (isDeepStrictEqual(JSON.parse(JSON.stringify(schema)), before)) return { status: 'same', type };
  const changes = compareVersions(before, schema);
  return changes.some(({ breaks }) => breaks.length > 0)
    ? { status: 'incompatible', type, changes: changes.filter(({ breaks }) => breaks.length > 0) }
    : { status: 'compatible', type, schema, changes };
}
