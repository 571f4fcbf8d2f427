import type * as z from 'zod';
import type { Personal } from '../personal/personal.ts';
import { describeThrown, jsonPointer, type Problem } from '../text/problem.ts';

/** One version of an event on the wire. */
export interface EventVersion {
  /** The name without a version, in the past tense: `shop.OrderPlaced`. */
  readonly type: string;
  /** An integer from 1. */
  readonly version: number;
  /** The `type` attribute on the wire: `shop.OrderPlaced.v1`. */
  readonly versionedType: string;
  /** The zod schema of the data of this version. */
  readonly schema: z.ZodType;
  /** Allowed prefixes of links that an event may have instead of its data; empty when links are not allowed. */
  readonly links: readonly string[];
  /** Whether only consumers may emit it. The HTTP API refuses an internal event. */
  readonly internal: boolean;
  /** Where its data names the person that an event is about. @default - the attribute `subject` of the event does */
  readonly personal?: Personal | undefined;
  /** Checks data against the schema. The pointers of the problems begin with `/data`. The list is empty when the data is valid. */
  check(data: unknown): readonly Problem[];
}

/** Creates one version of an event. */
export function createVersion(
  named: Pick<EventVersion, 'type' | 'version' | 'schema' | 'links' | 'internal' | 'personal'>,
): EventVersion {
  const { type, version, schema, links, internal, personal } = named;
  return {
    type,
    version,
    versionedType: `${type}.v${version}`,
    schema,
    links,
    internal,
    personal,
    check: (data) => {
      const parsed = parseData(schema, data);
      return 'problems' in parsed ? parsed.problems : [];
    },
  };
}

/**
 * Parses data with a schema. The result is the parsed data, or the problems. A schema can contain code. If the code throws, the data
 * is invalid.
 */
export function parseData(
  schema: z.ZodType,
  data: unknown,
): { readonly data: unknown } | { readonly problems: readonly Problem[] } {
  try {
    const result = schema.safeParse(data);
    return result.success ? { data: result.data } : { problems: problemsOf(result.error) };
  } catch (thrown) {
    // The code in the schema cannot check this data, so the data is invalid.
    const detail = `cannot be checked: the code of its contract threw: ${describeThrown(thrown)}`;
    return { problems: [{ pointer: '/data', detail }] };
  }
}

/** Converts zod's issues to problems. */
function problemsOf({ issues }: z.ZodError): readonly Problem[] {
  return issues.map(({ path, message }) => ({ pointer: jsonPointer(['data', ...path]), detail: message }));
}
