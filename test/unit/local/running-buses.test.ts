import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { announce, findRunningBuses } from '../../../lib/local/join/running-buses.ts';

let home: string;
const bus = {
  deployment: 'shop-dev',
  processId: process.pid,
  awsEndpoint: 'http://127.0.0.1:4566',
  token: 'secret',
};
const folder = () => join(home, '.fanfare/running');

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fanfare-home-'));
  vi.stubEnv('HOME', home);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

it('finds nothing where nothing has run', () => {
  expect(findRunningBuses()).toEqual([]);
});

it('finds a bus until it takes its address back', () => {
  const takeBack = announce(bus);
  expect(findRunningBuses()).toEqual([bus]);
  takeBack();
  expect(findRunningBuses()).toEqual([]);
});

it('leaves the address where only its owner can read it: it lets others run code', () => {
  announce(bus);
  expect(statSync(folder()).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder())) expect(statSync(join(folder(), name)).mode & 0o777).toBe(0o600);
});

it('removes the address of a process that is gone', () => {
  mkdirSync(folder(), { recursive: true });
  const file = join(folder(), `${2 ** 22 + 1}.json`);
  writeFileSync(file, JSON.stringify({ ...bus, processId: 2 ** 22 + 1 }));
  expect(findRunningBuses()).toEqual([]);
  expect(existsSync(file)).toBe(false);
});

it.each([
  ['that is not whole yet', '{"deployment":"shop-dev","proc'],
  ['of something else', '{"deployment":"shop-dev"}'],
])('passes over the address %s of a process that runs, and leaves it', (_, content) => {
  mkdirSync(folder(), { recursive: true });
  const file = join(folder(), `${process.pid}.json`);
  writeFileSync(file, content);
  expect(findRunningBuses()).toEqual([]);
  expect(existsSync(file)).toBe(true);
});
