import * as z from 'zod';

/** A format of zod with its source text. */
export interface TextFormat {
  readonly text: string;
  /** The name in a JSON Schema; undefined when zod writes only the pattern. */
  readonly format: string | undefined;
  readonly pattern: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly isUnicode: boolean;
}

const FORMATS: Readonly<Record<string, z.core.$ZodType>> = {
  'z.email()': z.email(),
  'z.uuid()': z.uuid(),
  'z.uuidv4()': z.uuidv4(),
  'z.uuidv6()': z.uuidv6(),
  'z.uuidv7()': z.uuidv7(),
  'z.guid()': z.guid(),
  'z.url()': z.url(),
  'z.emoji()': z.emoji(),
  'z.nanoid()': z.nanoid(),
  'z.cuid()': z.cuid(),
  'z.cuid2()': z.cuid2(),
  'z.ulid()': z.ulid(),
  'z.xid()': z.xid(),
  'z.ksuid()': z.ksuid(),
  'z.ipv4()': z.ipv4(),
  'z.ipv6()': z.ipv6(),
  'z.mac()': z.mac(),
  'z.cidrv4()': z.cidrv4(),
  'z.cidrv6()': z.cidrv6(),
  'z.base64()': z.base64(),
  'z.base64url()': z.base64url(),
  'z.e164()': z.e164(),
  'z.jwt()': z.jwt(),
  'z.iban()': z.iban(),
  'z.creditCard()': z.creditCard(),
  'z.currencyCode()': z.currencyCode(),
  'z.hostname()': z.hostname(),
  'z.hex()': z.hex(),
  ...hashes(),
  'z.iso.date()': z.iso.date(),
  'z.iso.time()': z.iso.time(),
  'z.iso.duration()': z.iso.duration(),
  ...dateTimes(),
};

/** The formats of zod, each with what its JSON Schema says of it. */
export const TEXT_FORMATS: readonly TextFormat[] = Object.entries(FORMATS).map(([text, schema]) => {
  const { format, pattern, contentEncoding } = z.toJSONSchema(schema, { io: 'input' });
  return { text, format, pattern, contentEncoding, isUnicode: isUnicode(schema) };
});

function hashes(): Readonly<Record<string, z.core.$ZodType>> {
  const algorithms = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const;
  const encodings = ['hex', 'base64', 'base64url'] as const;
  return Object.fromEntries(
    algorithms.flatMap((algorithm) =>
      encodings.map((enc) => [`z.hash('${algorithm}', { enc: '${enc}' })`, z.hash(algorithm, { enc })]),
    ),
  );
}

function dateTimes(): Readonly<Record<string, z.core.$ZodType>> {
  const precisions = [undefined, 0, 3, 6];
  return Object.fromEntries(
    [false, true].flatMap((offset) =>
      precisions.map((precision) => {
        const options = { ...(offset && { offset }), ...(precision !== undefined && { precision }) };
        const written = Object.entries(options).map(([name, value]) => `${name}: ${value}`);
        const text = written.length > 0 ? `{ ${written.join(', ')} }` : '';
        return [`z.iso.datetime(${text})`, z.iso.datetime(options)] as const;
      }),
    ),
  );
}

function isUnicode({ _zod: { def } }: z.core.$ZodType): boolean {
  return 'pattern' in def && def.pattern instanceof RegExp && def.pattern.flags.includes('u');
}
