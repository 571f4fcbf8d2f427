import * as z from 'zod';

/** Problems of a union when several alternatives accept a missing value. An exclusive union refuses it, but its JSON Schema does not require it. */
export function* hiddenByUnion({ options, inclusive }: z.core.$ZodUnionDef): Iterable<string> {
  const loose = options.filter(({ _zod: { optin } }) => optin !== undefined);
  if (loose.length === 0) return;
  if (inclusive === false && options.filter((one) => z.safeParse(one, undefined).success).length > 1) {
    yield 'several alternatives of z.xor() accept a missing value, so it is refused; write .optional() or .default() after z.xor()';
  }
  const [first, ...others] = loose.map((one) => z.safeParse(one, undefined).data);
  if (
    inclusive !== false &&
    loose.length > 1 &&
    first === undefined &&
    others.some((one) => one !== undefined)
  ) {
    yield 'an alternative that is .optional() hides the .default() of a later one; write .optional() or .default() after z.union()';
  }
}

/** A union whose alternatives are told apart by the constants of one field. */
interface Tagged extends z.core.$ZodUnionDef {
  readonly discriminator: unknown;
  readonly unionFallback?: boolean;
}

/**
 * Problems of a tagged union that zod cannot read, or reads otherwise than its JSON Schema says. zod collects the tags only when it reads
 * the first object, and throws then.
 */
export function* hiddenByTag(schema: z.core.$ZodType, def: Tagged): Iterable<string> {
  const tag = String(def.discriminator);
  try {
    // No alternative has this tag, so none of them is read.
    z.safeParse(schema, { [tag]: Symbol(tag) });
  } catch (error) {
    // An alternative with an asynchronous check is read only after the tags were collected.
    if (error instanceof z.core.$ZodAsyncError) return;
    yield `zod cannot tell the alternatives of z.discriminatedUnion() apart, and so refuses every event (${error}); give each of them other constants as '${tag}' (z.literal, z.enum), or write z.union()`;
    return;
  }
  const loose = def.options.filter(({ _zod: { propValues } }) => propValues?.[tag]?.has(undefined));
  if (def.unionFallback && loose.length > 1) {
    yield `several alternatives of z.discriminatedUnion() accept a missing '${tag}', and its JSON Schema refuses that; leave out unionFallback`;
  }
}
