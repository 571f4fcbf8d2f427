import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reservePort } from '../../../lib/local/engines/reserve-port.ts';
import { eventually } from '../../apps/client.ts';

const run = promisify(execFile);
const readme = readFileSync('README.md', 'utf8');
const use = { what: '', flag: '', variable: '' };

/** What a newcomer has: neither AWS credentials nor a region. */
const newcomer = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|FANFARE_)/.test(name)),
);

describe('npm start, as the README has it', () => {
  const env: Record<string, string | undefined> = { ...newcomer, NO_COLOR: '1' };
  let output = '';
  let shop: ReturnType<typeof spawn>;

  beforeAll(async () => {
    for (const name of ['API', 'AWS', 'DYNAMODB', 'CONSOLE'])
      env[`FANFARE_${name}_PORT`] = String(await reservePort(0, use));
    // The command that `npm start` runs, without npm in between, so that its end can be seen.
    shop = spawn(
      process.execPath,
      ['lib/cli/fanfare.ts', 'start', '--events', 'bin/demo/opening-stock.json'],
      {
        env,
        stdio: ['ignore', 'inherit', 'pipe'],
      },
    );
    shop.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await eventually('it says that it runs', () => output.includes('Ctrl-C stops it.'), 60_000);
  });

  afterAll(() => shop.kill('SIGKILL'));

  it('prints a curl that places an order: a mail goes out, and nothing fails', async () => {
    const curl = /curl -i .*/.exec(output)?.[0] ?? expect.fail('no curl');
    expect(execFileSync('sh', ['-c', `${curl} 2>&1`], { encoding: 'utf8' })).toContain('202 Accepted');
    await eventually('the mail is kept', async () => {
      const mail = await fetch(`http://127.0.0.1:${env.FANFARE_AWS_PORT}/_fanfare/mail`);
      return ((await mail.json()) as { subject: string }[]).some(({ subject }) =>
        subject.startsWith('Your order '),
      );
    });
    expect(output).not.toMatch(/ERROR|ALARM/);
  });

  it('prints an address that opens the console, once', async () => {
    const [, url = '', token = ''] = /Console.*(http:\S+)\/#token=(\S+)/.exec(output) ?? [];
    expect(url).toBe(`http://127.0.0.1:${env.FANFARE_CONSOLE_PORT}`);
    const open = async (): Promise<number> => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${url}/session`, { method: 'POST', headers, body: JSON.stringify({ token }) }))
        .status;
    };
    expect([await open(), await open()]).toEqual([200, 403]);
  });

  it("takes the README's own curl, twice, as one order", async () => {
    const curl = /curl -i http:\/\/127[\s\S]*?\n {2}\}'/.exec(readme)?.[0] ?? expect.fail('no curl');
    const here = curl.replace('127.0.0.1:3000', `127.0.0.1:${env.FANFARE_API_PORT}`);
    const ids = [1, 2].map(
      () => /"id":"([^"]+)"/.exec(execFileSync('sh', ['-c', `${here} 2>&1`], { encoding: 'utf8' }))?.[1],
    );
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it('stops on Ctrl-C and leaves no process', async () => {
    shop.kill('SIGINT');
    const [code] = await once(shop, 'exit');
    expect(code).toBe(0);
    await expect(fetch(`http://127.0.0.1:${env.FANFARE_DYNAMODB_PORT}`)).rejects.toThrow();
  });
});

it('npm run demo adds its numbers up, and says so to machines', async () => {
  const { stdout } = await run(process.execPath, ['bin/demo/demo.ts', '--orders', '40', '--json'], {
    env: newcomer,
  });
  const result: { ok: boolean; consumers: { name: string; done: number; deadLettered: number }[] } =
    JSON.parse(stdout);
  expect(result.ok).toBe(true);
  expect(result.consumers.map(({ name, deadLettered }) => [name, deadLettered])).toEqual([
    ['analytics', 0],
    ['email', 1],
    ['inventory', 0],
    ['shipping', 0],
  ]);
});

it('npm run synth works without credentials, account and region', async () => {
  const { stdout, stderr } = await run('npx', ['cdk', 'synth', '--quiet'], { env: newcomer });
  // On a CI machine the CDK says it on the standard output.
  expect(stdout + stderr).toContain('Successfully synthesized');
});

it.each([
  [['nonsense'], 2, "unknown command 'nonsense'"],
  [['start', '--api-port', 'x'], 2, 'Say a whole number from 0 up to 65535.'],
])('fanfare %s is a usage error', async (args, code, message) => {
  await expect(
    run(process.execPath, ['lib/cli/fanfare.ts', ...args], { env: newcomer }),
  ).rejects.toMatchObject({
    code,
    stderr: expect.stringContaining(message),
  });
});

it("the README's new consumer is all that it takes: applied to this project, it synthesizes with a stack of its own", async () => {
  const diff = /```diff\n([\s\S]*?)```/.exec(readme)?.[1] ?? expect.fail('no diff');
  const copy = mkdtempSync(join(tmpdir(), 'fanfare-readme-'));
  try {
    for (const name of ['bin', 'events', 'lambdas', 'lib', 'cdk.json', 'package.json', 'tsconfig.json']) {
      cpSync(name, join(copy, name), { recursive: true });
    }
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
    writeFileSync(join(copy, 'consumer.diff'), diff);
    await run('git', ['apply', '--unsafe-paths', `--directory=${copy}`, join(copy, 'consumer.diff')], {
      cwd: '/',
    });
    await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', copy], { cwd: copy });
    const outdir = join(copy, 'cdk.out');
    await run(process.execPath, ['bin/app.ts'], { cwd: copy, env: { ...newcomer, CDK_OUTDIR: outdir } });
    expect(readdirSync(outdir)).toContain('shop-dev-Loyalty.template.json');
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}, 300_000);
