import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ContractsProject, createContractsProject } from './contracts-project.ts';

let project: ContractsProject;
let events: string;
let contracts: ContractsProject['contracts'];
let edit: ContractsProject['edit'];

beforeEach(() => {
  project = createContractsProject();
  ({ events, contracts, edit } = project);
});

afterEach(() => project.remove());

it('the published schemas are those of its contracts', async () => {
  const { code, output } = await contracts('check');
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/^All \d+ versions/) });
});

describe('a careless edit is found', () => {
  it.each([
    [
      'a field is renamed',
      'customerId: z',
      'customer: z',
      '/properties/customerId: the field is gone',
      'consumers',
    ],
    ['a field is dropped', /\n {4}currency: .*/, '', '/properties/currency: the field is gone', 'consumers'],
    [
      'a field is added',
      'email: z.email()',
      'email: z.email(), phone: z.string()',
      '/properties/phone: the required field is new',
      'producers',
    ],
    [
      'a field is made optional',
      'email: z.email()',
      'email: z.email().optional()',
      'was required and is optional',
      'consumers',
    ],
    [
      'a field is made required',
      'messageId: z.string().optional()',
      'messageId: z.string()',
      'was optional and is required',
      'producers',
    ],
    [
      'an amount becomes a decimal',
      'totalMinor: z.int().min(0)',
      'totalMinor: z.number().min(0)',
      'the type was integer and is number',
      'consumers',
    ],
    [
      'a number becomes a string',
      'parcels: z.int().min(1)',
      'parcels: z.string()',
      'the type was integer and is string',
      'producers',
    ],
    [
      'a limit is lowered',
      '.max(1000)',
      '.max(100)',
      '/items/properties/quantity/maximum: maximum was 1000 and is 100',
      'producers',
    ],
    ['a pattern is loosened', '/^[A-Z]{3}$/', '/^[A-Za-z]{3}$/', '/properties/currency/pattern', 'consumers'],
    [
      'a list is closed',
      'z.object({ sku, quantity',
      'z.strictObject({ sku, quantity',
      'other fields were accepted and are now refused',
      'producers',
    ],
  ])('%s', async (_, from, to, found, breaks) => {
    edit(from, to);
    const { code, output } = await contracts('check');
    expect(code).toBe(1);
    expect(output).toContain(found);
    expect(output).toContain(`breaks ${breaks} that`);
    expect(output).toContain('version: 2, data: <the new shape>');
    // Data shows it: what was sent and is refused, or what was refused and may be sent.
    expect(output).toMatch(/(is refused now|the old shape refuses it):\n {6}\{"/);
  });

  it('an event is defined twice, which the application would refuse to start with', async () => {
    const again = `export const OrderPlacedAgain = defineEvent({
  type: 'shop.OrderPlaced',
  version: 1,
  description: 'The same, and other data.',
  data: z.object({ orderId: z.string() }),
});

export const StockReceived`;
    edit('export const StockReceived', again);
    for (const command of ['check', 'accept'] as const) {
      const { code, output } = await contracts(command);
      expect({ code, output }).toMatchObject({
        code: 1,
        output: expect.stringContaining('shop.OrderPlaced.v1 is defined twice'),
      });
    }
  });

  it('and cannot be published', async () => {
    edit('customerId: z', 'customer: z');
    edit('.max(1000)', '.max(2000)');
    const read = (): readonly string[] =>
      readdirSync(join(events, 'schemas')).map((name) => readFileSync(join(events, 'schemas', name), 'utf8'));
    const before = read();
    expect((await contracts('accept')).code).toBe(1);
    expect(read()).toEqual(before);
  });

  it('a version is deleted, and may only be retired by name', async () => {
    edit(/export const StockReceived[\s\S]*?\n\}\);\n/, '');
    expect(await contracts('check')).toMatchObject({
      code: 1,
      output: expect.stringContaining('no contract knows it any more'),
    });
    expect((await contracts('accept')).code).toBe(1);
    expect(await contracts('accept', '--retire', 'shop.OrderPlaced.v1')).toMatchObject({ code: 2 });
    expect(await contracts('accept', '--retire', 'shop.StockReceived.v1')).toMatchObject({ code: 0 });
    expect((await contracts('check')).code).toBe(0);
    expect(readFileSync(project.schemaFile('shop.StockReceived.v1'), 'utf8')).toContain('"x-retired": true');
  });
});

it('what breaks nobody is published when it is accepted', async () => {
  edit('email: z.email()', 'email: z.email(), phone: z.string().optional()');
  const { code, output } = await contracts('check', '--json');
  expect(code).toBe(1);
  const { verdicts }: { verdicts: readonly { type: string; status: string }[] } = JSON.parse(output).data;
  expect(verdicts.filter(({ status }) => status !== 'same')).toMatchObject([
    {
      type: 'shop.OrderPlaced.v1',
      status: 'compatible',
      changes: [{ pointer: '/properties/phone', breaks: [] }],
    },
  ]);
  expect((await contracts('accept')).code).toBe(0);
  expect((await contracts('check')).code).toBe(0);
});

it('a new version is published beside the old one', async () => {
  edit(
    /version: 1,\n {2}description: 'Goods[\s\S]*?data: (z\.object\(.*?\)),\n/,
    `version: 2,
  description: 'Goods have arrived.',
  data: z.object({ deliveryId: z.string(), lines, dock: z.int() }),
  earlier: [{ version: 1, data: $1, upcast: (data) => ({ ...data, dock: 1 }) }],
`,
  );
  expect((await contracts('accept')).output).toContain('Published shop.StockReceived.v2');
  expect(readdirSync(join(events, 'schemas'))).toContain('shop.StockReceived.v2.json');
  expect((await contracts('check')).code).toBe(0);
});

it('says what is wrong with the folder', async () => {
  writeFileSync(join(events, 'schemas', 'shop.OrderPlaced.v1.json'), '{');
  expect(await contracts('check')).toMatchObject({
    code: 1,
    output: expect.stringContaining('cannot be read'),
  });
  rmSync(events, { recursive: true });
  expect(await contracts('check')).toMatchObject({ code: 1, output: expect.stringContaining('--events') });
});
