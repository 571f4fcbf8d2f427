import * as z from 'zod';

const LENGTHS = ['min_length', 'max_length', 'length_equals'];

/** Checks that a JSON Schema shows, by the type of schema. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  string: [...LENGTHS, 'string_format'],
  number: ['greater_than', 'less_than', 'multiple_of', 'number_format'],
  array: LENGTHS,
};

/** Checks that only describe the schema and do not check values. */
const ANNOTATIONS = ['describe', 'meta'];

const REFUSED: Readonly<Record<string, string>> = {
  custom:
    '.refine(), .superRefine() or .check() runs code, which a JSON Schema cannot show; express it with the schema (.min(), .regex(), z.enum(), z.discriminatedUnion()), or check it in the handler and throw a PermanentError',
  overwrite:
    '.trim(), .toLowerCase() and similar methods change the data; refuse other texts with .regex(), or convert the text in the handler',
  property: 'z.property() is not shown by a JSON Schema; write the property as a field of z.object({ ... })',
};

/** Formats that check more than their pattern. zod writes only the last format of a string, so a later format hides them. */
const MORE_THAN_A_PATTERN = ['url', 'jwt', 'ipv6', 'cidrv6', 'base64', 'base64url', 'credit_card', 'iban'];

/** Options of formats that limit or change values and that a JSON Schema does not show. */
const HIDDEN_OPTIONS = ['protocol', 'hostname', 'normalize', 'alg', 'position'];

/** The conditions that zod itself adds to checks of lengths: that the value has a length. */
const OWN_CONDITIONS: ReadonlySet<string> = new Set(
  [z.minLength(1), z.maxLength(1), z.length(1)].map(({ _zod: { def } }) => String(def.when)),
);

/** Checks of a schema that its JSON Schema does not show: sentences with what to write instead. */
export function* hiddenByChecks(schema: z.core.$ZodTypes): Iterable<string> {
  const { def } = schema._zod;
  const checks = checksOf(schema);
  const shown = SHOWN[def.type] ?? [];
  for (const { check, ...rest } of checks) {
    if (!shown.includes(check) && !ANNOTATIONS.includes(check)) {
      yield REFUSED[check] ??
        `the check ${check} of z.${def.type}() is not shown by a JSON Schema; leave it out`;
    }
    if (rest.when !== undefined && !OWN_CONDITIONS.has(String(rest.when))) {
      yield `the condition (when) of the check ${check} runs code, which a JSON Schema cannot show; leave it out`;
    }
    for (const limit of [rest.minimum, rest.maximum, rest.length, rest.value]) {
      if (typeof limit === 'number' && !Number.isFinite(limit))
        yield `the limit ${limit} is not a JSON number; leave it out`;
    }
    if (check === 'multiple_of' && rest.value === 0) yield 'nothing is a multiple of 0; leave it out';
  }
  yield* hiddenByFormats(checks.filter(({ check }) => check === 'string_format'));
}

/** Whether a pattern of a string has the flag `u`. */
export function readsUnicode(schema: z.core.$ZodTypes): boolean {
  return checksOf(schema).some(({ pattern }) => pattern instanceof RegExp && pattern.flags.includes('u'));
}

/** The properties of a check that are used here. Which of them exist depends on the check. */
interface CheckDef {
  readonly check: string;
  readonly format?: unknown;
  readonly pattern?: unknown;
  readonly fn?: unknown;
  readonly [option: string]: unknown;
}

/** The checks of a schema. A schema such as z.email() is its own first check. */
function checksOf(schema: z.core.$ZodTypes): readonly CheckDef[] {
  const { def } = schema._zod;
  const own = 'check' in def && def.type !== 'custom' ? [def] : [];
  const all: readonly { readonly check: string }[] = [
    ...own,
    ...(def.checks ?? []).map((one) => one._zod.def),
  ];
  return all.map((one) => ({ ...one }));
}

/** Problems with flags of the user's patterns. The patterns of zod's own formats have the same meaning with the flag `u`. */
function* hiddenByFlags(formats: readonly CheckDef[]): Iterable<string> {
  const own = formats.filter(({ format, fn }) => format === 'regex' || fn !== undefined);
  const patterns = own.flatMap(({ pattern }) => (pattern instanceof RegExp ? [pattern] : []));
  const withFlag = patterns.filter(({ unicode }) => unicode);
  if (withFlag.length > 0 && withFlag.length < patterns.length) {
    yield `a JSON Schema does not show which of ${patterns.join(', ')} have the flag u; write all of them with it`;
  }
  for (const pattern of patterns.filter((one) => !isValidWithUnicode(one.source))) {
    yield `${pattern} is not valid with the flag u, with which a JSON Schema reads it; write it without needless backslashes, such as - for \\-`;
  }
}

function isValidWithUnicode(source: string): boolean {
  try {
    return new RegExp(source, 'u').source === source;
  } catch {
    return false;
  }
}

function* hiddenByFormats(formats: readonly CheckDef[]): Iterable<string> {
  yield* hiddenByFlags(formats);
  for (const [index, { format, pattern, fn, ...options }] of formats.entries()) {
    const name = String(format);
    if (fn !== undefined && pattern === undefined) {
      yield `z.stringFormat('${name}') runs code, which a JSON Schema cannot show; write z.string().regex(...)`;
    }
    if (pattern instanceof RegExp && /[^u]/.test(pattern.flags)) {
      yield `the flags of ${pattern} are not shown by a JSON Schema; write the pattern without them, such as [Aa] for a`;
    }
    for (const option of HIDDEN_OPTIONS.filter((one) => options[one] !== undefined)) {
      yield `the option ${option} of the format ${name} is not shown by a JSON Schema; write it as a pattern before the format, such as z.string().startsWith('https://').check(z.url())`;
    }
    if (MORE_THAN_A_PATTERN.includes(name) && index < formats.length - 1) {
      yield `the format ${name} is hidden from the JSON Schema by a format or pattern after it; put it last: .check(z.${name}())`;
    }
  }
}
