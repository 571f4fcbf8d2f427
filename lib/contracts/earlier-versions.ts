import type * as z from 'zod';

/** Older versions of an event, oldest first, each with how its data becomes data of the next. */
export type EarlierVersions<Schemas extends readonly z.ZodType[], Newest extends z.ZodType> = {
  readonly [Index in keyof Schemas]: {
    readonly version: number;
    readonly data: Schemas[Index];
    /** Pure: the same data always becomes the same, at once. It runs once for every event of this version that arrives. */
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

declare const nobodyHasThis: unique symbol;
/** No value has this type; with it beside a return type the compiler takes `'web'` for the literal, not for any string. */
type LiteralHint = { readonly [nobodyHasThis]: never; readonly [key: string]: Hint };
type Hint = '' | 0 | false | null | undefined | LiteralHint | readonly Hint[];
