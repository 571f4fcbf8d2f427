import { readFileSync } from 'node:fs';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { HOUR_MS } from '../../../lib/archive/object-key.ts';
import {
  archivedOf,
  eventOf,
  HOUR,
  objectOf,
  type WrittenObject,
} from '../../apps/archive/archive-objects.ts';
import { type ContractsProject, createContractsProject } from '../contracts-project.ts';
import { type Ended, type Rig, startRig } from './rig.ts';

const STOCK = 'shop.StockReceived.v1';

let rig: Rig;
let project: ContractsProject;
beforeAll(async () => {
  rig = await startRig({ archive: true });
});
afterAll(() => rig.stop());
beforeEach(() => {
  project = createContractsProject();
  onTestFinished(() => project.remove());
  project.edit(/\nexport const StockReceived = defineEvent\([\s\S]*?\n\}\);\n/, '');
});

async function put({ key, body }: WrittenObject): Promise<void> {
  const s3 = await rig.clients.s3();
  await s3.send(
    new PutObjectCommand({ Bucket: rig.deployment.archives[0]?.bucketName, Key: key, Body: body }),
  );
}

const retire = (...args: readonly string[]): Promise<Ended> =>
  rig.run('contracts', 'accept', '--retire', STOCK, '--app', 'shop', '--events', project.events, ...args);
const isRetired = (): boolean => readFileSync(project.schemaFile(STOCK), 'utf8').includes('x-retired');

it('a version is retired while the archive has none of its events, whatever else it has', async () => {
  await put(objectOf([archivedOf(eventOf({ type: 'shop.StockReceived.v2' }))]));
  // It has more types than its key can say.
  const many = Array.from({ length: 40 }, (_, index) =>
    archivedOf(eventOf({ type: `shop.Event${index}.v1` })),
  );
  await put(objectOf(many, undefined, 'b2'));
  const ended = await retire('--local');
  expect(ended).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`The archive of shop-dev-Bus has no event of ${STOCK}.`),
  });
  expect(isRetired()).toBe(true);
});

it('without a deployment it is retired too, and told that no archive was asked', async () => {
  const ended = await retire();
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('No archive was asked') });
  expect(isRetired()).toBe(true);
});

it('is refused when an object that may have one cannot be read', async () => {
  const { key, body } = objectOf([archivedOf(eventOf({ type: STOCK }), HOUR + HOUR_MS)]);
  await put({ key, body: body.subarray(0, 20) });
  const ended = await retire('--local');
  expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining(`such as ${key}`) });
  expect(isRetired()).toBe(false);
});

it('is refused while the archive has an event of it, which is named', async () => {
  await put(objectOf([archivedOf(eventOf({ id: 'delivery-1', type: STOCK }), HOUR + 2 * HOUR_MS)]));
  const ended = await retire('--local');
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain(
    `${STOCK} is still in the archive of shop-dev-Bus: the first event is delivery-1, of 2026-11-27 06:00:00Z`,
  );
  expect(ended.stdout).toContain('Nothing was published.');
  expect(isRetired()).toBe(false);
  const { data } = JSON.parse((await retire('--local', '--json')).stdout);
  expect(data.notes).toContainEqual(expect.stringContaining('the first event is delivery-1'));
});

it('takes a stage or this machine, and not both', async () => {
  expect(await retire('--local', '--stage', 'prod')).toMatchObject({ code: 2 });
});
