import { SPEC_VERSION } from '../envelope/envelope-rules.ts';
import { type DocumentedVersion, dataSchema } from './event-schemas.ts';
import { exampleOf } from './example-of.ts';

/** An OpenAPI example. In binary mode, `x-headers` has the attributes, because an OpenAPI example of a body cannot have headers. */
export interface Example {
  readonly summary: string;
  readonly value: unknown;
  readonly 'x-headers'?: Readonly<Record<string, string>>;
}

type Examples = Readonly<Record<string, Example>>;

/** An example of a request for each event, by its versioned type, in each content mode. */
export interface RequestExamples {
  readonly structured: Examples;
  readonly batched: Examples;
  readonly binary: Examples;
}

/** The alternatives of unions that are tried. */
const TURNS = [0, 1, 2, 3, 4, 5, 6, 7];

/** Examples of requests. Only data that its contract accepts is used. A contract can set its own example with `.meta({ examples: [...] })`. On a FIFO bus they have a partitionkey. */
export function requestExamples(versions: readonly DocumentedVersion[], fifo: boolean): RequestExamples {
  const all = versions.flatMap((documented) => {
    const { version, description } = documented;
    const schema = dataSchema(documented);
    const data = TURNS.map((turn) => exampleOf(schema, turn)).find((one) => version.check(one).length === 0);
    return data === undefined ? [] : [{ type: version.versionedType, description, data }];
  });
  const attributesOf = (type: string, number = '1') => attributesWith(type, number, fifo);
  const by = (make: (one: (typeof all)[number]) => Omit<Example, 'summary'>): Examples =>
    Object.fromEntries(all.map((one) => [one.type, { summary: one.description, ...make(one) }]));
  return {
    structured: by(({ type, data }) => ({ value: { ...attributesOf(type), data } })),
    batched: by(({ type, data }) => ({
      value: ['1', '2'].map((number) => ({ ...attributesOf(type, number), data })),
    })),
    binary: by(({ type, data }) => ({ value: data, 'x-headers': headersOf(attributesOf(type)) })),
  };
}

function attributesWith(type: string, number: string, fifo: boolean): Readonly<Record<string, string>> {
  const [domain = '', name = ''] = type.split('.');
  return {
    specversion: SPEC_VERSION,
    id: `${name}-${number}`,
    source: `/${domain}`,
    type,
    time: '2026-01-31T12:00:00Z',
    ...(fifo && { partitionkey: `${name}-${number}` }),
  };
}

function headersOf(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value.replaceAll('%', '%25')]),
  );
}
