import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Asked, ask } from './ask.ts';
import { type RunningShop, runShop } from './running-shop.ts';

let shop: RunningShop;

beforeAll(async () => {
  shop = await runShop();
});
afterAll(() => shop.stop());

/** Nothing that an attacker tries here may have an effect. */
afterEach(async () => {
  expect(await shop.tailQueues()).toEqual([]);
  expect(shop.deadLetters()).toEqual({ visible: 1, inFlight: 0 });
});

/** All that the console can do. */
const READS = [
  '/api/live',
  '/api/dead-letters/email',
  '/api/trace?id=order-1',
  '/api/contracts',
  '/api/archive',
  '/api/replays',
  '/api/replays/plan',
  '/api/mail',
  '/api/faults',
  '/api/session',
];
const CHANGES = ['redrive', 'edit', 'purge'].map((what) => `/api/dead-letters/email/${what}`);
const REPLAYS = ['start', 'a/pause', 'a/resume', 'a/cancel'].map((what) => `/api/replays/${what}`);
const ALL = [...READS, ...CHANGES, ...REPLAYS, '/api/publish', '/api/faults'];

describe('a browser that says nothing of the page that asks', () => {
  it.each(READS)('gets nothing for an image of %s', async (path) => {
    const { status, body } = await ask(shop.console.url, { path });
    expect([401, 404, 405]).toContain(status);
    expect(body).not.toContain('ada@example.com');
  });
});

describe('a page elsewhere', () => {
  const pages: readonly (readonly [string, Record<string, string>])[] = [
    ['another site, for an image', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['another port, for an image', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
    [
      'a link on another port',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    ],
    [
      'a link on another site',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    ],
    ['a kind of page that is not known', { 'sec-fetch-site': 'nearby' }],
  ];
  it.each(pages)('is refused: %s', async (_, headers) => {
    for (const path of ['/', ...ALL]) {
      for (const method of ['GET', 'POST']) {
        const asked: Asked = { method, path, headers, body: '{}' };
        expect([method, path, (await ask(shop.console.url, asked)).status]).toEqual([method, path, 403]);
      }
    }
  });
});

describe('another user of this machine', () => {
  const steal = async (): Promise<string[]> => {
    const files = await Promise.all(
      ['/', '/main.js', '/style.css'].map((path) => ask(shop.console.url, { path })),
    );
    return files.map(({ body }) => body);
  };

  it('reads no secret and nothing of the deployment in what is served to everybody', async () => {
    const served = (await steal()).join('\n');
    expect(served).not.toContain(shop.local.apiUrl);
    expect(served).not.toMatch(/content="[\w-]{32}"/);
  });

  it('can change nothing with what the page holds', async () => {
    const [, token = ''] = /fanfare-token" content="([^"]+)"/.exec((await steal()).join('\n')) ?? [];
    const headers = { 'x-fanfare-token': token, 'x-fanfare-key': token, 'content-type': 'application/json' };
    for (const path of ALL) {
      const { status } = await ask(shop.console.url, { method: 'POST', path, headers, body: '{}' });
      expect([path, status]).toEqual([path, 401]);
    }
  });

  it.each(['', 'x', 'x'.repeat(43), '__proto__'])('cannot guess the token: %j', async (token) => {
    const headers = { 'content-type': 'application/json' };
    const asked = { method: 'POST', path: '/session', headers, body: JSON.stringify({ token }) };
    const { status, headers: answered } = await ask(shop.console.url, asked);
    expect([status, answered['set-cookie']]).toEqual([403, undefined]);
  });
});
