import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { linkPackages } from '../../apps/link-packages.ts';
import { newFolder } from './assembly.ts';

/** An app without a bus of its own. */
const APP = `import { App } from 'aws-cdk-lib';
import { ConsumerStack, EventBus, readSettings } from 'fanfare/constructs';
import { defineConsumer, defineEvent } from 'fanfare/contracts';
import * as z from 'zod';

const Placed = defineEvent({ type: 'shop.Placed', version: 1, description: 'Placed.', data: z.object({}) });
const definition = defineConsumer({ name: 'check', description: 'Checks.', listensTo: [Placed] });
const app = new App();
const { stage } = readSettings(app.node);
const bus = EventBus.fromStage(app, 'Shop', { app: 'shop', stage: 'dev' });
new ConsumerStack(app, { definition, bus, stage, entry: 'handler.ts' });
app.synth();
`;

let root: string;
let home: string;

beforeAll(() => {
  root = newFolder();
  home = newFolder();
  linkPackages(root);
  writeFileSync(join(root, 'package.json'), '{ "name": "fraud", "type": "module" }');
  writeFileSync(join(root, 'cdk.json'), '{ "app": "node app.ts", "context": { "app": "fraud" } }');
  writeFileSync(join(root, 'app.ts'), APP);
  writeFileSync(join(root, 'handler.ts'), 'export const handler = async () => undefined;\n');
});

function start(...args: readonly string[]) {
  const command = [resolve('lib/cli/fanfare.ts'), 'start', ...args];
  const env = { ...process.env, HOME: home };
  const { status, stderr } = spawnSync(process.execPath, command, { cwd: root, env, encoding: 'utf8' });
  return { status, stderr };
}

/** Leaves an address, as a bus does that runs. */
function announce(deployment: string, port: number): () => void {
  const folder = join(home, '.fanfare/running');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${process.pid}.${port}.json`);
  const awsEndpoint = `http://127.0.0.1:${port}`;
  writeFileSync(file, JSON.stringify({ deployment, processId: process.pid, awsEndpoint, token: 't' }));
  return () => rmSync(file);
}

describe('fanfare start of an app without a bus says what is wrong', () => {
  it('when the bus does not run', () => {
    const { status, stderr } = start();
    expect(status).toBe(1);
    expect(stderr).toContain(
      'shop-dev-Bus does not run on this machine; start it in its own folder with: npx fanfare start',
    );
  });

  it('when only another bus runs', () => {
    const takeBack = announce('ledger-dev', 1);
    expect(start().stderr).toContain('only ledger-dev at http://127.0.0.1:1;');
    expect(start('--join', 'ledger-de').stderr).toContain(
      'ledger-de does not run on this machine, only ledger-dev',
    );
    takeBack();
  });

  it('when only a stage runs whose name goes on', () => {
    const takeBack = announce('shop-dev-2', 1);
    expect(start().stderr).toContain('shop-dev-Bus does not run on this machine, only shop-dev-2');
    takeBack();
  });

  it('when two copies of the bus run', () => {
    const takeBack = [announce('shop-dev', 1), announce('shop-dev', 2)];
    expect(start().stderr).toContain('shop-dev at http://127.0.0.1:1, shop-dev at http://127.0.0.1:2');
    for (const take of takeBack) take();
  });

  it('when the bus does not answer', () => {
    const takeBack = announce('shop-dev', 1);
    const { status, stderr } = start();
    expect(status).toBe(1);
    expect(stderr).toContain('shop-dev does not answer at http://127.0.0.1:1; start it again');
    takeBack();
  });

  it('when an option is for the app of the bus', () => {
    expect(start('--data', 'x', '--api-port', '0')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(
        '--api-port and --data is for the app of the bus, and this app joins one',
      ),
    });
  });

  it('when the account is none', () => {
    expect(start('--account', '12')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Say the twelve digits of an AWS account.'),
    });
  });
});
