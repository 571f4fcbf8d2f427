import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../apps/client.ts';
import { change, freePort, INSTALL, newcomer, packInto, run, type Tarballs, withNode24 } from './packages.ts';

const MINUTES = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'fanfare-init-'));
let tarballs: Tarballs;

beforeAll(async () => {
  tarballs = await packInto(folder);
}, 5 * MINUTES);

// Three folders of packages.
afterAll(() => rmSync(folder, { recursive: true, force: true }), 5 * MINUTES);

it(
  'npm create fanfare writes the same app, with whatever Node the system has',
  async () => {
    const cwd = join(folder, 'create');
    mkdirSync(cwd);
    await run('npm', ['install', tarballs.creator, ...INSTALL], { cwd, env: newcomer });
    const { stdout } = await run('npx', ['create-fanfare', 'my-library', '--json'], { cwd, env: newcomer });
    const { data } = JSON.parse(stdout);
    expect(data).toMatchObject({ app: 'mylibrary', directory: expect.stringMatching(/my-library$/) });
    expect(data.files.length).toBeLessThanOrEqual(14);
    const manifest = JSON.parse(readFileSync(join(cwd, 'my-library/package.json'), 'utf8'));
    expect(manifest.dependencies.fanfare).toBe(
      `^${JSON.parse(readFileSync('package.json', 'utf8')).version}`,
    );
  },
  5 * MINUTES,
);

describe.each(['hoisted', 'linked'])('fanfare init, from the package that npm installs %s', (strategy) => {
  const cwd = join(folder, strategy);
  const app = join(cwd, 'library');
  const env: NodeJS.ProcessEnv = { ...newcomer };
  const inApp = (command: string, ...args: readonly string[]) => run(command, args, { cwd: app, env });
  const install = (where: string, ...args: readonly string[]) =>
    run('npm', ['install', ...args, `--install-strategy=${strategy}`, ...INSTALL], {
      cwd: where,
      env: newcomer,
    });
  let started: ChildProcess | undefined;
  let output = '';

  beforeAll(async () => {
    mkdirSync(cwd);
    for (const name of ['API', 'AWS', 'DYNAMODB', 'CONSOLE'])
      env[`FANFARE_${name}_PORT`] = String(await freePort());
  });

  afterAll(async () => {
    // The whole group: npm, the shell and the command.
    if (started?.pid !== undefined && started.exitCode === null) {
      process.kill(-started.pid, 'SIGINT');
      await once(started, 'exit');
    }
  });

  it(
    'writes an app into a new folder, and into no other',
    async () => {
      await install(cwd, tarballs.fanfare);
      await run('npx', ['fanfare', 'init', 'library'], { cwd, env: withNode24 });
      await expect(
        run('npx', ['fanfare', 'init', 'library'], { cwd, env: withNode24 }),
      ).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('is not empty: it has .ci, .gitignore, README.md, bin, cdk.json and'),
      });
      // What is not published yet comes from the tarball.
      change(join(app, 'package.json'), ({ dependencies = {} }) => {
        expect(dependencies.fanfare).toMatch(/^\^\d/);
        dependencies.fanfare = `file:${tarballs.fanfare}`;
      });
      await install(app);
    },
    5 * MINUTES,
  );

  it(
    'whose tests pass',
    async () => {
      expect((await inApp('npm', 'test')).stdout).toContain('1 passed');
    },
    2 * MINUTES,
  );

  it(
    'that starts, and takes the event that it prints',
    async () => {
      started = spawn('npm', ['start'], { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      for (const stream of [started.stdout, started.stderr])
        stream?.on('data', (chunk: Buffer) => {
          output += chunk.toString();
        });
      await eventually('it runs', () => output.includes('Ctrl-C stops it.'), 2 * MINUTES);
      const curl = /curl -i .*/.exec(output)?.[0] ?? expect.fail(output);
      expect(execFileSync('sh', ['-c', `${curl} 2>&1`], { encoding: 'utf8' })).toContain('202 Accepted');
      await eventually('the book is shelved', async () => (await books()).length === 1);
      expect(output).not.toMatch(/ERROR|ALARM/);
      const status = JSON.parse((await inApp('npx', 'fanfare', 'status', '--json')).stdout);
      expect(status.data).toMatchObject({ app: 'library', stage: 'dev', consumers: [{ name: 'shelf' }] });
    },
    4 * MINUTES,
  );

  async function books() {
    const endpoint = `http://127.0.0.1:${env.FANFARE_DYNAMODB_PORT}`;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const dynamodb = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
    const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
    const TableName = TableNames.find((name) => name.includes('BooksTable'));
    return (await dynamodb.send(new ScanCommand({ TableName }))).Items ?? [];
  }

  it(
    'that synthesizes',
    async () => {
      await inApp('npx', 'cdk', 'synth', '--quiet');
      expect(readdirSync(join(app, 'cdk.out'))).toContain('library-dev-Shelf.template.json');
    },
    2 * MINUTES,
  );

  it(
    'and takes the event and the consumer of its README',
    async () => {
      const diff =
        /```diff\n([\s\S]*?)```/.exec(readFileSync(join(app, 'README.md'), 'utf8'))?.[1] ?? expect.fail();
      writeFileSync(join(app, 'cards.diff'), diff);
      await inApp('git', 'apply', 'cards.diff');
      await expect(inApp('npm', 'test')).rejects.toMatchObject({
        stdout: expect.stringContaining('MemberJoined'),
      });
      await inApp('npx', 'fanfare', 'contracts', 'accept');
      await inApp('npm', 'test');
      await inApp('npx', 'cdk', 'synth', '--quiet');
      expect(readdirSync(join(app, 'cdk.out'))).toContain('library-dev-Cards.template.json');
    },
    4 * MINUTES,
  );
});

it(
  'the constructs work in an app as cdk init writes it: CommonJS, by tsx, with keys of its own',
  async () => {
    const app = join(folder, 'post');
    mkdirSync(app);
    const cdk = join(process.cwd(), 'node_modules/aws-cdk/bin/cdk');
    const args = [cdk, 'init', 'app', '--language', 'typescript', '--generate-only'];
    await run(process.execPath, args, { cwd: app, env: newcomer });
    const fixture = 'test/apps/cdk-init';
    for (const file of globSync('**/*.template', { cwd: fixture })) {
      const target = join(app, file.replace(/\.template$/, ''));
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(fixture, file), target);
    }
    change(join(app, 'cdk.json'), ({ context = {} }) =>
      Object.assign(context, { app: 'post', owner: 'team-post' }),
    );
    change(join(app, 'package.json'), ({ devDependencies = {}, dependencies = {} }) => {
      // Its tests are not run: they would bring 300 packages.
      for (const name of ['jest', '@types/jest', '@swc/core', '@swc/jest']) delete devDependencies[name];
      Object.assign(dependencies, { fanfare: `file:${tarballs.fanfare}`, zod: '^4' });
    });
    change(join(app, 'tsconfig.json'), ({ compilerOptions = {} }) =>
      Object.assign(compilerOptions, { types: ['node'] }),
    );
    rmSync(join(app, 'test'), { recursive: true });
    await run('npm', ['install', ...INSTALL], { cwd: app, env: newcomer });
    await run('npx', ['cdk', 'synth', '--quiet'], { cwd: app, env: withNode24 });
    expect(
      readdirSync(join(app, 'cdk.out'))
        .filter((name) => name.endsWith('.template.json'))
        .toSorted(),
    ).toEqual([
      'PostStack.template.json',
      'post-dev-Bus.template.json',
      'post-dev-Monitoring.template.json',
      'post-dev-Parcels.template.json',
    ]);
  },
  5 * MINUTES,
);
