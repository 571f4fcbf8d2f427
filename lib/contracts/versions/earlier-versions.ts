import type * as z from 'zod';
import type { Personal } from '../personal/personal.ts';

/** Older versions of an event, oldest first. The upcast of each converts its data to the next version. */
export type EarlierVersions<Schemas extends readonly z.ZodType[], Newest extends z.ZodType> = {
  readonly [Index in keyof Schemas]: {
    /** The version: an integer from 1. */
    readonly version: number;
    /** The zod schema of this version's data. */
    readonly data: Schemas[Index];
    /** Where its data names the person. @default - where the newest version does */
    readonly personal?: Personal;
    /** Converts data to the next version. It must be pure and synchronous. It runs once for every event of this version that arrives. */
    readonly upcast: (data: z.output<Schemas[Index]>) => InputOfNext<Schemas, Newest, Index> | LiteralHint;
  };
};

type InputOfNext<Schemas extends readonly z.ZodType[], Newest extends z.ZodType, Index> =
  Shifted<Schemas, Newest> extends infer Next
    ? Index extends keyof Next
      ? z.input<Extract<Next[Index], z.ZodType>>
      : never
    : never;

/** The schema that follows each schema, at its index. */
type Shifted<Schemas extends readonly z.ZodType[], Newest extends z.ZodType> = Schemas extends readonly [
  unknown,
  ...infer Rest extends readonly z.ZodType[],
]
  ? readonly [...Rest, Newest]
  : readonly [];

declare const noValueHasThis: unique symbol;
/** No value has this type. In a union with a return type, it makes the compiler infer the literal `'web'` instead of `string`. */
type LiteralHint = { readonly [noValueHasThis]: never; readonly [key: string]: Hint };
type Hint = '' | 0 | false | null | undefined | LiteralHint | readonly Hint[];
