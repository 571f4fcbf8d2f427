import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ContractsProject, createCommittedProject, openContractsProject } from './contracts-project.ts';

const ORDER = 'shop.OrderPlaced.v1';
const STOCK = 'shop.StockReceived.v1';
/** Breaks whoever reads the customer of an order. */
const RENAME = ['customerId: z', 'customer: z'] as const;
const DROP_STOCK = [/export const StockReceived[\s\S]*?\n\}\);\n/, ''] as const;

let project: ContractsProject;

beforeEach(() => {
  project = createCommittedProject();
});

afterEach(() => project.remove());

const read = (type: string): string => readFileSync(project.schemaFile(type), 'utf8');

/** Ways to make the gate forget what was published. */
const FORCED: readonly (readonly [string, () => void])[] = [
  ['its schema is deleted', () => rmSync(project.schemaFile(ORDER))],
  [
    'its schema is edited',
    () => writeFileSync(project.schemaFile(ORDER), read(ORDER).replaceAll('"customerId"', '"customer"')),
  ],
  ['its schema is renamed', () => renameSync(project.schemaFile(ORDER), project.schemaFile('shop.Old.v1'))],
  ['all schemas are deleted', () => rmSync(join(project.events, 'schemas'), { recursive: true })],
];

describe('a change that breaks somebody does not pass', () => {
  it.each(FORCED)('on a branch, when %s', async (_, force) => {
    project.git('checkout', '--quiet', '-b', 'feature');
    project.edit(...RENAME);
    force();
    const accepted = await project.contracts('accept');
    expect(accepted).toMatchObject({ code: 1, output: expect.stringContaining('Nothing was published.') });
    const told =
      /shop\.OrderPlaced\.v1 has changed .*[0-9a-f]{7} \(where this branch left main\)|customerId: the field is gone/;
    expect(await project.contracts('check')).toMatchObject({ code: 1, output: expect.stringMatching(told) });
    project.commit('Rename the customer');
    expect(await project.contracts('check')).toMatchObject({ code: 1, output: expect.stringMatching(told) });
  });

  it.each(FORCED.slice(0, 2))(
    'on the main branch, before and after the commit, when %s',
    async (_, force) => {
      const broken = (commit: string) => ({
        code: 1,
        output: expect.stringMatching(
          new RegExp(
            `^${ORDER} has changed in a way that breaks somebody, compared with \\w{7} \\(${commit}\\):`,
          ),
        ),
      });
      project.edit(...RENAME);
      force();
      expect(await project.contracts('accept')).toMatchObject(broken('the last commit'));
      expect(await project.contracts('check')).toMatchObject(broken('the last commit'));
      project.commit('Rename the customer');
      expect(await project.contracts('check')).toMatchObject(broken('the commit before it'));
    },
  );

  it('on a branch, when the project is moved to another folder and its schema is deleted', async () => {
    project.git('checkout', '--quiet', '-b', 'feature');
    mkdirSync(join(project.folder, 'sub'));
    project.git('mv', 'events', 'sub/events');
    const moved = openContractsProject(join(project.folder, 'sub'));
    moved.edit(...RENAME);
    rmSync(moved.schemaFile(ORDER));
    expect(await moved.contracts('accept')).toMatchObject({ code: 1 });
    expect(await moved.contracts('check')).toMatchObject({ code: 1 });
  });

  it('when a clone of the main branch has gone on, with the remote as its main', async () => {
    const copy = project.clone();
    onTestFinished(copy.remove);
    copy.edit(...RENAME);
    writeFileSync(copy.schemaFile(ORDER), read(ORDER).replaceAll('"customerId"', '"customer"'));
    copy.commit('Rename the customer');
    copy.git('commit', '--quiet', '--allow-empty', '--message', 'Do something else');
    expect(await copy.contracts('check')).toMatchObject({
      code: 1,
      output: expect.stringContaining('(where this branch left origin/HEAD)'),
    });
  });

  it('when its contract and its schema are deleted', async () => {
    project.git('checkout', '--quiet', '-b', 'feature');
    project.edit(...DROP_STOCK);
    rmSync(project.schemaFile(STOCK));
    project.commit('Drop the stock');
    expect(await project.contracts('check')).toMatchObject({
      code: 1,
      output: expect.stringContaining(`accept --retire ${STOCK}`),
    });
    expect((await project.contracts('accept')).code).toBe(1);
  });
});

describe('a schema that is missing', () => {
  it('is written again by accept, when its contract is as it was', async () => {
    const before = read(ORDER);
    rmSync(project.schemaFile(ORDER));
    expect(await project.contracts('check')).toMatchObject({
      code: 1,
      output: expect.stringMatching(
        /shop.OrderPlaced.v1 was published in \w{7} \(.*\), and its schema is not here/,
      ),
    });
    expect((await project.contracts('accept')).code).toBe(0);
    expect(read(ORDER)).toBe(before);
    expect((await project.contracts('check')).code).toBe(0);
  });

  it('may be, when it was never merged: a branch shapes its new events until it is', async () => {
    project.git('checkout', '--quiet', '-b', 'feature');
    const event = (field: string): string =>
      `export const OrderPaid = defineEvent({ type: 'shop.OrderPaid', version: 1, description: 'Paid.', data: z.object({ ${field}: z.string() }) });\n`;
    project.edit(/$/, event('orderId'));
    expect((await project.contracts('accept')).code).toBe(0);
    project.commit('Tell of payments');
    project.edit(event('orderId'), event('order'));
    expect((await project.contracts('accept')).code).toBe(1);
    rmSync(project.schemaFile('shop.OrderPaid.v1'));
    expect((await project.contracts('accept')).code).toBe(0);
    expect((await project.contracts('check')).code).toBe(0);
  });
});

describe('a version that is retired', () => {
  beforeEach(async () => {
    project.edit(...DROP_STOCK);
    expect((await project.contracts('accept', '--retire', STOCK)).code).toBe(0);
    project.commit('Retire the stock');
  });

  it('keeps its schema, and the check is content', async () => {
    expect(JSON.parse(read(STOCK))).toMatchObject({ title: STOCK, type: 'object', 'x-retired': true });
    expect((await project.contracts('check')).code).toBe(0);
    expect((await project.contracts('accept')).output).toContain('Nothing has changed.');
  });

  it('is missed when its schema is deleted', async () => {
    rmSync(project.schemaFile(STOCK));
    expect(await project.contracts('check')).toMatchObject({
      code: 1,
      output: expect.stringContaining(`${STOCK} was published in`),
    });
    expect((await project.contracts('accept')).code).toBe(0);
    expect((await project.contracts('check')).code).toBe(0);
  });

  it('may not become another shape', async () => {
    writeFileSync(project.schemaFile(STOCK), read(STOCK).replaceAll('"deliveryId"', '"delivery"'));
    expect(await project.contracts('check')).toMatchObject({
      code: 1,
      output: expect.stringContaining('/properties/deliveryId: the field is gone'),
    });
  });

  it('comes back as it was, and not as another', async () => {
    const event = (field: string): string =>
      `\nexport const StockReceived = defineEvent({
  type: 'shop.StockReceived',
  version: 1,
  description: 'Goods have arrived at the warehouse and can be sold.',
  data: z.object({ ${field}: z.string().min(1).max(64), lines }),
});\n`;
    project.edit(/$/, event('delivery'));
    expect((await project.contracts('accept')).code).toBe(1);
    project.edit(event('delivery'), event('deliveryId'));
    expect(await project.contracts('check')).toMatchObject({
      code: 1,
      output: expect.stringContaining('the version was retired, and now a contract has it again'),
    });
    expect((await project.contracts('accept')).code).toBe(0);
    expect(read(STOCK)).not.toContain('x-retired');
  });
});

describe('the base', () => {
  it('is where the branch left, so that events which others have published since are not missed', async () => {
    project.git('checkout', '--quiet', '-b', 'feature');
    project.git('commit', '--quiet', '--allow-empty', '--message', 'Begin');
    project.git('checkout', '--quiet', 'main');
    project.edit(
      /$/,
      `export const A = defineEvent({ type: 'shop.A', version: 1, description: '', data: z.string() });\n`,
    );
    await project.contracts('accept');
    project.commit('Publish another event');
    project.git('checkout', '--quiet', 'feature');
    const { code, output } = await project.contracts('check');
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(
        /Compared with \w{7} \(where this branch left main\), which has 6 versions\.\n$/,
      ),
    });
  });

  it('lets pass what breaks nobody', async () => {
    project.git('checkout', '--quiet', '-b', 'feature');
    project.edit('email: z.email()', 'email: z.email(), phone: z.string().optional()');
    expect((await project.contracts('accept')).code).toBe(0);
    project.commit('Take a phone number');
    expect((await project.contracts('check')).code).toBe(0);
  });

  it('is the commit that is asked for', async () => {
    project.git('tag', 'release-1');
    project.edit(...RENAME);
    rmSync(project.schemaFile(ORDER));
    project.commit('Rename the customer');
    project.edit('z.int().min(1).max(1000)', 'z.int().min(1).max(2000)');
    project.commit('Do something else');
    for (const command of ['check', 'accept']) {
      expect(await project.contracts(command, '--against', 'release-1')).toMatchObject({
        code: 1,
        output: expect.stringMatching(/compared with \w{7} \(release-1\)/),
      });
    }
  });

  it.each(['no-such-branch', '--help', 'HEAD:events'])('is refused when %s names no commit', async (ref) => {
    expect(await project.contracts('check', `--against=${ref}`)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^fanfare: --against .* names no commit here/),
    });
  });

  it('is told to machines', async () => {
    const { output } = await project.contracts('check', '--json');
    expect(JSON.parse(output).data).toMatchObject({
      against: [{ commit: expect.stringMatching(/^\w{7} \(the last commit\)$/), versions: 6 }],
      notes: [],
    });
  });
});
