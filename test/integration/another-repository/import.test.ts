import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectDocumented } from '../ops/documented-shapes.ts';
import { createRepository, type Repository } from './folders.ts';
import { LIBRARY } from './library.ts';

let library: Repository;
let audit: Repository;

beforeAll(async () => {
  library = createRepository('library', LIBRARY);
  audit = createRepository('audit', {});
  expect((await library.contracts('accept')).code).toBe(0);
});

afterAll(() => {
  library.remove();
  audit.remove();
});

const inAudit = (...path: readonly string[]): string => join(audit.folder, ...path);

describe('the contracts of a repository are imported from its schemas', () => {
  it('with the same schemas', { timeout: 60_000 }, async () => {
    const { code, output } = await audit.contracts('import', join(library.folder, 'events'), '--json');
    expect({ code, output }).toMatchObject({ code: 0 });
    const { kind, data } = JSON.parse(output);
    expectDocumented(kind, data);
    expect(data.contracts).toEqual({
      'library.BookReturned.v1': 'BookReturned',
      'library.CardPrinted.v1': 'CardPrinted',
      'library.MemberJoined.v1': 'MemberJoinedV1',
      'library.MemberJoined.v2': 'MemberJoined',
    });
    await audit.contracts('accept', '--events', 'events/imported');
    const [theirs, ours] = [join(library.folder, 'events/schemas'), inAudit('events/imported/schemas')];
    expect(readdirSync(ours)).toEqual(readdirSync(theirs));
    for (const name of readdirSync(theirs)) {
      const read = (folder: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
      expect(read(ours)).toEqual(read(theirs));
    }
    expect(await audit.node('node_modules/typescript/bin/tsc')).toEqual({ code: 0, output: '' });
  });

  it('and only a file of an import is overwritten', async () => {
    const source = join(library.folder, 'events/schemas/library.BookReturned.v1.json');
    expect((await audit.contracts('import', source)).code).toBe(0);
    expect(readFileSync(inAudit('events/imported/index.ts'), 'utf8')).not.toContain('MemberJoined');
    audit.write({ 'events/own/index.ts': 'export {};\n' });
    expect(await audit.contracts('import', source, '--out', 'events/own')).toMatchObject({
      code: 1,
      output: expect.stringContaining('was not written by an import'),
    });
    expect(readFileSync(inAudit('events/own/index.ts'), 'utf8')).toBe('export {};\n');
  });

  it('each under a name of its own', async () => {
    const draft = { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' };
    const whole = { ...draft, properties: {} };
    const withPart = (part: string) => ({
      ...draft,
      properties: { price: { $ref: `#/$defs/${part}` } },
      required: ['price'],
      $defs: { [part]: { type: 'object', properties: {} } },
    });
    const schemas = {
      'shop.OrderPlaced.v1': whole,
      'shop.OrderPlaced.v2': whole,
      'shop.OrderPlacedV1.v1': whole,
      'shop.Booked.v1': whole,
      'desk.Booked.v1': whole,
      'stock.ShopBooked.v1': whole,
      'desk.Order.v1': withPart('PlacedMoney'),
      'desk.OrderPlaced.v1': withPart('Money'),
      'desk.Define.v1': withPart('Event'),
      'desk.Z.v1': withPart('-'),
    };
    for (const [title, schema] of Object.entries(schemas))
      audit.write({ [`alike/${title}.json`]: JSON.stringify({ title, ...schema }) });
    const { code, output } = await audit.contracts('import', 'alike', '--out', 'events/alike', '--json');
    expect({ code, output }).toMatchObject({ code: 0 });
    const { contracts } = JSON.parse(output).data;
    expect(Object.keys(contracts).toSorted()).toEqual(Object.keys(schemas).toSorted());
    expect(contracts).toMatchObject({
      'shop.OrderPlaced.v1': 'ShopOrderPlacedV1',
      'shop.OrderPlacedV1.v1': 'OrderPlacedV1',
    });
  });

  it.each(['\n', '\r', '\u2028', '\u2029'])(
    'and the name of their folder is no code, with %j in it',
    async (end) => {
      const folder = `theirs${end}throw new Error('code of a name');`;
      const schema = {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: {},
      };
      audit.write({ [`${folder}/a.json`]: JSON.stringify({ ...schema, title: 'shop.Paid.v1' }) });
      expect(await audit.contracts('import', folder, '--out', 'events/named')).toMatchObject({ code: 0 });
      const [header] = readFileSync(inAudit('events/named/index.ts'), 'utf8').split(/[\n\r\u2028\u2029]/);
      expect(header).toContain('code of a name');
    },
  );

  it('or none of them, when one cannot be said', async () => {
    const good = { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', properties: {} };
    const schemas = {
      'a.json': { ...good, title: 'shop.Paid.v1' },
      'b.json': { ...good, title: 'shop.Sent.v2', properties: { at: { type: 'string', format: 'geo' } } },
      'c.json': { ...good, title: 'shop.Left.v1', properties: { by: { if: {} } } },
    };
    audit.write(
      Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [`theirs/${name}`, JSON.stringify(schema)]),
      ),
    );
    const { code, output } = await audit.contracts('import', 'theirs', '--out', 'events/theirs');
    expect(code).toBe(1);
    expect(output).toContain("shop.Sent.v2: /properties/at/format: the format 'geo'");
    expect(output).toContain('shop.Left.v1: /properties/by/if:');
    expect(existsSync(inAudit('events/theirs'))).toBe(false);
    expect(readdirSync(inAudit('events')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('or none of them, when one is too deep or leads only to itself', async () => {
    const head = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
    const nest = (levels: number): object => ({
      type: 'object',
      properties: levels === 1 ? {} : { a: nest(levels - 1) },
    });
    audit.write({ 'deep.json': JSON.stringify({ ...head, title: 'shop.Deep.v1', ...nest(100) }) });
    expect(await audit.contracts('import', 'deep.json', '--out', 'events/deep')).toMatchObject({ code: 0 });
    audit.write({
      'endless/a.json': JSON.stringify({ ...head, title: 'shop.Deep.v2', ...nest(900) }),
      'endless/b.json': JSON.stringify({ ...head, title: 'shop.Round.v3', $ref: '#' }),
    });
    const { code, output } = await audit.contracts('import', 'endless', '--out', 'events/endless');
    expect(code).toBe(1);
    expect(output).toMatch(/shop\.Deep\.v2: (\/properties\/a){100}: is deeper than 100 levels/);
    expect(output).toContain("shop.Round.v3: /$ref: '#' leads only to itself");
  });

  it.each([
    [
      'another draft',
      { $schema: 'http://json-schema.org/draft-07/schema#', title: 'shop.Paid.v1' },
      '/$schema',
    ],
    ['a title that is no event', { title: 'Paid' }, '/title'],
    [
      'a version beyond the safe integers',
      { title: 'shop.Paid.v9999999999999999999999' },
      "/title: the version of 'shop.Paid.v9999999999999999999999' is above 9007199254740991",
    ],
    ['no schema', { asyncapi: '3.0.0' }, 'has no schemas'],
  ])('and not from %s', async (_, schema, detail) => {
    audit.write({ 'one.json': JSON.stringify(schema) });
    expect(await audit.contracts('import', 'one.json', '--out', 'events/one')).toMatchObject({
      code: 1,
      output: expect.stringContaining(detail),
    });
  });
});
