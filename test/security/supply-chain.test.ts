import { execFile, execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAudit } from '../../bin/supply-chain/audit.ts';
import { isAllowed, unexpectedLicences } from '../../bin/supply-chain/licences.ts';
import { readLockfile } from '../../bin/supply-chain/lockfile.ts';

const packages = readLockfile();
const read = (file: string): string => readFileSync(file, 'utf8');
const manifest = JSON.parse(read('package.json'));

describe('what npm ci installs', () => {
  it('is pinned by a hash, each package of it on every platform', () => {
    const unpinned = packages.filter(
      ({ integrity, inBundle }) => !inBundle && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''),
    );
    expect(packages.length).toBeGreaterThan(300);
    expect(unpinned.map(({ name }) => name)).toEqual([]);
  });

  it('is named by exact versions', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const named: [string, string][] = [dependencies, devDependencies, optionalDependencies].flatMap(
      Object.entries,
    );
    expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('runs no script of a package', () => {
    const withScript = packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
    expect(manifest.allowScripts).toEqual(
      Object.fromEntries(withScript.toSorted().map((name) => [name, false])),
    );
    // What npm before it knew allowScripts goes by.
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  });

  it('brings the Node.js that runs this, as a package of the lockfile', () => {
    const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
    const own = packages.filter(({ name }) => name === `node-${platform}` || name === `node-bin-${platform}`);
    // Elsewhere the person's own Node.js is taken.
    if (own.length === 0) return expect(existsSync('node_modules/.bin/node')).toBe(false);
    const [{ path, version } = { path: '', version: '' }] = own;
    expect(realpathSync('node_modules/.bin/node').startsWith(realpathSync(path))).toBe(true);
    expect(execFileSync('node_modules/.bin/node', ['--version'], { encoding: 'utf8' }).trim()).toBe(
      `v${version}`,
    );
  });
});

describe('the licences of all packages', () => {
  it('are those that somebody has agreed to', () => {
    expect(unexpectedLicences(packages)).toEqual([]);
  });

  it('are what the installed packages say of themselves', () => {
    const other = packages
      .filter(({ path }) => existsSync(join(path, 'package.json')))
      .filter(({ path, licence }) => {
        const { license } = JSON.parse(read(join(path, 'package.json')));
        return typeof license === 'string' && license !== licence;
      });
    expect(other.map(({ name }) => name)).toEqual([]);
  });

  it.each([
    ['GPL-3.0-only', true],
    ['AGPL-3.0-or-later', true],
    ['MIT AND GPL-2.0-only', true],
    ['GPL-2.0-only OR AGPL-3.0-only', true],
    ['MPL-2.0', false],
    ['UNLICENSED', true],
    ['SEE LICENSE IN LICENSE.md', true],
    ['mit', true],
    [undefined, true],
  ])('would be noticed: %s, in development %s', (licence, dev) => {
    expect(isAllowed(licence, dev)).toBe(false);
  });

  it.each(['MIT', '(MIT OR GPL-3.0-or-later)', 'MIT AND ISC', 'GPL-2.0-only OR MIT AND ISC'])(
    'may offer a choice: %s',
    (licence) => {
      expect(isAllowed(licence, false)).toBe(true);
    },
  );
});

describe('the workflows of CI', () => {
  const workflows = globSync('.github/workflows/*').map((file) => ({ file, text: read(file) }));

  it('name every action by the commit, and the version for the reader', () => {
    const uses = workflows.flatMap(({ text }) =>
      [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, use]) => use),
    );
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((use) => !/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(use ?? ''))).toEqual(
      [],
    );
  });

  it.each(workflows)('$file may only read, and leaves no credentials behind', ({ text }) => {
    expect(text).toMatch(/^permissions: \{\}$/m);
    expect(text).not.toMatch(/: write\b|write-all/);
    expect(text).not.toContain('pull_request_target');
    const checkouts = text.match(/uses: actions\/checkout@/g) ?? [];
    expect(text.match(/persist-credentials: false/g) ?? []).toHaveLength(checkouts.length);
    // What somebody from outside has written would be run.
    expect(text).not.toMatch(/\$\{\{\s*github\.(event|head_ref)/);
  });

  it('and the packages are kept up to date', () => {
    const text = read('.github/dependabot.yml');
    for (const ecosystem of ['npm', 'github-actions'])
      expect(text).toContain(`package-ecosystem: ${ecosystem}`);
  });
});

describe('the audit', () => {
  const advisory = (severity: string) => ({
    id: 1,
    url: 'https://example.com/advisory',
    title: 'Parses too much',
    severity,
    vulnerable_versions: '*',
    cwe: [],
    cvss: { score: 9, vectorString: null },
  });

  /** Runs it with the real npm against a registry that answers so. */
  async function audit(
    status: number,
    answer: object,
  ): Promise<{ readonly code: number; readonly text: string }> {
    const server = createServer((request, response) => {
      const isAudit = request.method === 'POST' && request.url?.includes('/advisories/bulk');
      request.resume().on('end', () => {
        response.writeHead(isAudit ? status : 404, { 'content-type': 'application/json' });
        response.end(JSON.stringify(isAudit ? answer : {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const cache = mkdtempSync(join(tmpdir(), 'fanfare-npm-'));
    const env = {
      ...process.env,
      npm_config_registry: registry,
      npm_config_cache: cache,
      npm_config_audit: 'true',
    };
    return new Promise((resolve) => {
      execFile(process.execPath, ['bin/supply-chain/audit.ts'], { env }, (error, stdout) => {
        server.closeAllConnections();
        server.close();
        rmSync(cache, { recursive: true, force: true });
        resolve({ code: error ? Number(error.code) : 0, text: stdout });
      });
    });
  }

  it.each(['high', 'critical'])('fails when the registry knows of a %s vulnerability', async (severity) => {
    const { code, text } = await audit(200, { zod: [advisory(severity)] });
    expect(text).toContain(`${severity}: zod`);
    expect(code).toBe(1);
  });

  it('tells of a lesser one', async () => {
    const { code, text } = await audit(200, { zod: [advisory('moderate')] });
    expect(text).toContain('moderate: zod');
    expect(code).toBe(0);
  });

  it('passes when the registry knows of none', async () => {
    expect(await audit(200, {})).toEqual({ code: 0, text: 'The registry knows of no vulnerability.\n' });
  });

  it.each([404, 405, 403])('says that nothing was checked when the registry answers %d', async (status) => {
    const { code, text } = await audit(status, { error: 'no audits here' });
    expect(text).toContain('nothing was checked');
    expect(code).toBe(0);
  });

  it.each(['', 'npm error', '[]', '{"vulnerabilities":{}}'])('takes %j for no answer', (output) => {
    expect(readAudit(output)).toMatchObject({
      failed: false,
      text: expect.stringContaining('nothing was checked'),
    });
  });
});

it('the bill of materials lists every package of the lockfile, with its hash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-sbom-'));
  const file = join(folder, 'sbom.cdx.json');
  execFileSync(process.execPath, ['bin/supply-chain/sbom.ts', file]);
  const { metadata, components } = JSON.parse(read(file));
  rmSync(folder, { recursive: true });
  expect(metadata.component.name).toBe('fanfare');
  const listed = new Set<string>(
    components.map(
      ({ group, name, version }: Record<string, string>) => `${group ? `${group}/` : ''}${name}@${version}`,
    ),
  );
  const locked = packages.map(({ name, version }) => `${name}@${version}`);
  expect(locked.filter((one) => !listed.has(one))).toEqual([]);
  const bundled = packages.filter(({ inBundle }) => inBundle).map(({ name }) => name);
  const unhashed = components.filter(({ hashes = [] }: { hashes?: unknown[] }) => hashes.length === 0);
  expect(unhashed.filter(({ name }: { name: string }) => !bundled.some((one) => one.endsWith(name)))).toEqual(
    [],
  );
});
