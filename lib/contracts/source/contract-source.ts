import { type ForeignSchema, InexpressibleSchemaError, readList, readText } from './read-keywords.ts';
import { indent, quote, valueSource } from './source-text.ts';
import { zodSource } from './zod-source.ts';

/** The JSON Schema that contracts have. */
const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** A published version, from its JSON Schema. */
export interface ForeignVersion {
  /** The name without a version, such as `shop.OrderPlaced`. */
  readonly type: string;
  readonly version: number;
  readonly schema: ForeignSchema;
}

/** What a version becomes: the name of the constant that has its contract. */
export interface NamedVersion extends ForeignVersion {
  readonly name: string;
}

/**
 * Names the contracts: `OrderPlaced` is the newest version of `shop.OrderPlaced`, and `OrderPlacedV1` an older one. If two events have the
 * same last name, the names begin with the domain: `ShopOrderPlaced`. So does the name of an older version that is taken by another event.
 */
export function nameVersions(versions: readonly ForeignVersion[]): readonly NamedVersion[] {
  const sorted = versions.toSorted((a, b) => a.type.localeCompare(b.type, 'en') || b.version - a.version);
  const newest = sorted.filter(({ type }, index) => sorted[index - 1]?.type !== type);
  const uses = Map.groupBy(newest, ({ type }) => lastName(type));
  const nameOf = nameGiver([]);
  // The newest versions choose first.
  const names = new Map(
    newest.map(({ type }) => {
      const isShared = (uses.get(lastName(type))?.length ?? 0) > 1;
      return [type, nameOf(isShared ? fullName(type) : lastName(type))] as const;
    }),
  );
  return sorted.map((one) => {
    const name = names.get(one.type) ?? fullName(one.type);
    if (newest.includes(one)) return { ...one, name };
    return { ...one, name: nameOf(`${name}V${one.version}`, `${fullName(one.type)}V${one.version}`) };
  });
}

/**
 * Writes a contract as TypeScript.
 *
 * @param nameOf the name giver of the file: a constant has a name that nothing else in the file has
 * @throws InexpressibleSchemaError when no contract can say what a schema says
 */
export function contractSource(version: NamedVersion, nameOf: NameGiver): string {
  const { type, name, schema } = version;
  const { $schema: _, title: _title, description = '', ...others } = schema;
  const { 'x-links': links, 'x-personal-subject': subject, ...data } = others;
  const source = zodSource(data, (part) => nameOf(partName(name, part)));
  const constants = source.constants.map(
    (one) => `/** A part of {@link ${name}}. */\nconst ${one.name} = ${one.text};\n\n`,
  );
  const members = [
    `type: ${quote(type)},`,
    `version: ${version.version},`,
    `description: ${quote(readText(description, '/description'))},`,
    ...(links === undefined ? [] : [`links: ${valueSource(readLinks(links), '/x-links')},`]),
    ...(subject === undefined
      ? []
      : [`personal: { subject: ${quote(readText(subject, '/x-personal-subject'))} },`]),
    `data: ${source.data},`,
  ];
  return `${constants.join('')}export const ${name} = defineEvent({\n${indent(members.join('\n'))}\n});\n`;
}

/** Older schemas have a host as a link, which stands for all of it. */
function readLinks(value: unknown): readonly string[] {
  return readList(value, '/x-links').map((link) => {
    const text = readText(link, '/x-links');
    return text.endsWith('/') ? text : `${text}/`;
  });
}

/** Gives the first of some names that nothing else in the file has, or else the last of them with a number. */
export type NameGiver = (first: string, ...others: readonly string[]) => string;

/** What a file of contracts imports. */
const IMPORTED = ['defineEvent', 'z'];

/** Creates the name giver of one file. @param given names that are given already */
export function nameGiver(given: readonly string[]): NameGiver {
  const taken = new Set([...IMPORTED, ...given]);
  return (first, ...others) => {
    const base = others.at(-1) ?? first;
    let name = [first, ...others].find((one) => !taken.has(one)) ?? base;
    // The `V1` of a version stays apart from the number.
    const separator = /\d$/.test(base) ? '_' : '';
    for (let count = 2; taken.has(name); count++) name = `${base}${separator}${count}`;
    taken.add(name);
    return name;
  };
}

/** The name of a part of a contract, such as `orderPlacedMoney`. */
function partName(contract: string, part: string): string {
  return uncapitalize(contract) + capitalize(part.replaceAll(/\W/g, '') || 'Part');
}

/** @throws InexpressibleSchemaError when the title of a schema is not the name of a version, such as `shop.OrderPlaced.v1` */
export function readVersion(schema: ForeignSchema): ForeignVersion {
  const title = readText(schema.title, '/title');
  const [, type, version] =
    /^([a-z][a-z0-9]*(?:\.[a-z][a-z0-9]*)*\.[A-Z][A-Za-z0-9]*)\.v([1-9]\d*)$/.exec(title) ?? [];
  const { $schema = DRAFT } = schema;
  if ($schema !== DRAFT) {
    throw new InexpressibleSchemaError(
      '/$schema',
      `'${$schema}' is another draft; convert the schema to ${DRAFT}`,
    );
  }
  if (type !== undefined && !Number.isSafeInteger(Number(version))) {
    throw new InexpressibleSchemaError(
      '/title',
      `the version of '${title}' is above ${Number.MAX_SAFE_INTEGER}`,
    );
  }
  if (type !== undefined) return { type, version: Number(version), schema: { ...schema, $schema } };
  throw new InexpressibleSchemaError(
    '/title',
    `'${title}' is no event with a version, such as shop.OrderPlaced.v1`,
  );
}

function lastName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

function fullName(type: string): string {
  return type.split('.').map(capitalize).join('');
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function uncapitalize(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
