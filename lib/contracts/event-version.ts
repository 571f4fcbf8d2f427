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
  /** Checks data against the schema; the problems' pointers start at `/data`. An empty list means that it holds. */
  check(data: unknown): readonly Problem[];
}

/** Makes one version of an event out of its name, its number and the shape of its data. */
export function createVersion(type: string, version: number, schema: z.ZodType): EventVersion {
  return {
    type,
    version,
    versionedType: `${type}.v${version}`,
    schema,
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
