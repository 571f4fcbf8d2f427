import type * as z from 'zod';
import { describeThrown, jsonPointer, type Problem } from './problem.ts';

/** One version of an event, as it travels. */
export interface EventVersion {
  /** The name without a version, in the past tense: `shop.OrderPlaced`. */
  readonly type: string;
  /** A whole number from 1 on. */
  readonly version: number;
  /** The `type` attribute on the wire: `shop.OrderPlaced.v1`. */
  readonly versionedType: string;
  /** The zod schema of the data of this version. */
  readonly schema: z.ZodType;
  /** How the links begin that an event may carry in the place of its data; none when it always has its data. */
  readonly links: readonly string[];
  /** Whether only consumers emit it: the HTTP API refuses it. */
  readonly internal: boolean;
  /** Checks data against the schema; the problems' pointers start at `/data`. An empty list means that it holds. */
  check(data: unknown): readonly Problem[];
}

/** Makes one version of an event. */
export function createVersion(
  named: Pick<EventVersion, 'type' | 'version' | 'schema' | 'links' | 'internal'>,
): EventVersion {
  const { type, version, schema, links, internal } = named;
  return {
    type,
    version,
    versionedType: `${type}.v${version}`,
    schema,
    links,
    internal,
    check: (data) => {
      const parsed = parseData(schema, data);
      return 'problems' in parsed ? parsed.problems : [];
    },
  };
}

/**
 * Data as its schema reads it, or what is wrong with it. A schema can hold code (`refine`, `transform`); data at which that
 * throws does not keep the contract.
 */
export function parseData(
  schema: z.ZodType,
  data: unknown,
): { readonly data: unknown } | { readonly problems: readonly Problem[] } {
  try {
    const result = schema.safeParse(data);
    return result.success ? { data: result.data } : { problems: problemsOf(result.error) };
  } catch (thrown) {
    // The code of the contract has an opinion of data only if it can look at it: this data it cannot.
    const detail = `cannot be checked: the code of its contract threw: ${describeThrown(thrown)}`;
    return { problems: [{ pointer: '/data', detail }] };
  }
}

/** What zod found, in our words. */
function problemsOf({ issues }: z.ZodError): readonly Problem[] {
  return issues.map(({ path, message }) => ({ pointer: jsonPointer(['data', ...path]), detail: message }));
}
