import type * as z from 'zod';
import { jsonPointer, type Problem } from './problem.ts';

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
  /** Origins of the links that an event may carry in the place of its data; none when it always has its data. */
  readonly links: readonly string[];
  /** Checks data against the schema; the problems' pointers start at `/data`. An empty list means that it holds. */
  check(data: unknown): readonly Problem[];
}

/** Makes one version of an event. */
export function createVersion(
  named: Pick<EventVersion, 'type' | 'version' | 'schema' | 'links'>,
): EventVersion {
  const { type, version, schema, links } = named;
  return {
    type,
    version,
    versionedType: `${type}.v${version}`,
    schema,
    links,
    check: (data) => {
      const { error } = schema.safeParse(data);
      return error ? problemsOf(error) : [];
    },
  };
}

/** What zod found, in our words. */
export function problemsOf({ issues }: z.ZodError): readonly Problem[] {
  return issues.map(({ path, message }) => ({ pointer: jsonPointer(['data', ...path]), detail: message }));
}
