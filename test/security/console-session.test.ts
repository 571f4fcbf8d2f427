import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalConsole } from '../../lib/cli/open-local-console.ts';
import type { RunningConsole } from '../../lib/console/start-console.ts';
import * as events from '../apps/orders/events/index.ts';
import { startBrowser } from '../browser/start-browser.ts';
import { type Answered, ask } from './ask.ts';
import { type RunningShop, runShop } from './running-shop.ts';

let shop: RunningShop;
/** Its session is the person's browser's. */
let console: RunningConsole;
let browser: Browser;
let person: BrowserContext;

beforeAll(async () => {
  shop = await runShop();
  ({ console } = shop);
  browser = await startBrowser();
  person = await browser.newContext();
});
afterAll(async () => {
  await browser.close();
  await shop.stop();
});

const JSON_CONTENT = { 'content-type': 'application/json' };
const tokenOf = ({ signInUrl }: RunningConsole): string => new URL(signInUrl).hash.replace('#token=', '');
const exchange = (url: string, token: unknown): Promise<Answered> =>
  ask(url, { method: 'POST', path: '/session', headers: JSON_CONTENT, body: JSON.stringify({ token }) });

describe('the token in the address', () => {
  let fresh: RunningConsole;
  beforeAll(async () => {
    fresh = await openLocalConsole(shop.local, { contracts: Object.values(events), port: 0 });
    return () => fresh.stop();
  });

  it('is worth nothing when it is another one, and stays good for its own browser', async () => {
    const token = tokenOf(fresh);
    const wrong = ['', token.slice(1), `${token}A`, token.toLowerCase(), [token], { token }, null, 1];
    for (const one of wrong) {
      const { status, headers } = await exchange(fresh.url, one);
      expect([one, status, headers['set-cookie']]).toEqual([one, 403, undefined]);
    }
  });

  it('is exchanged once for a cookie that no script reads and no other site gets sent, and for a key', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => exchange(fresh.url, tokenOf(fresh))));
    const both = [first, second].toSorted((a, b) => (a?.status ?? 0) - (b?.status ?? 0));
    expect(both.map((answer) => answer?.status)).toEqual([200, 403]);
    const [cookie = ''] = both[0]?.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^fanfare-console-\d+=[\w-]{43}; Path=\/api; HttpOnly; SameSite=Strict$/);
    expect(both[1]?.headers['set-cookie']).toBeUndefined();
    expect((await exchange(fresh.url, tokenOf(fresh))).status).toBe(403);
    const pair = cookie.slice(0, cookie.indexOf(';'));
    const { key } = JSON.parse(both[0]?.body ?? '');
    const asks = async (headers: Record<string, string>): Promise<number> =>
      (await ask(fresh.url, { path: '/api/session', headers })).status;
    expect(await asks({ cookie: pair, 'x-fanfare-key': key })).toBe(200);
    expect(await asks({ cookie: `a=b; ${pair}; c=d`, 'x-fanfare-key': key })).toBe(200);
    expect(await asks({ cookie: pair })).toBe(401);
    expect(await asks({ 'x-fanfare-key': key })).toBe(401);
    expect(await asks({ cookie: pair, 'x-fanfare-key': tokenOf(fresh) })).toBe(401);
    expect(await asks({ cookie: pair.slice(0, -1), 'x-fanfare-key': key })).toBe(401);
    expect(await asks({ cookie: `x${pair}`, 'x-fanfare-key': key })).toBe(401);
    const session = { cookie: pair, 'x-fanfare-key': key };
    for (const path of ['/api/live', '/api/dead-letters/email', '/api/trace?id=order-1']) {
      const asked = { path, headers: session };
      expect([path, (await ask(fresh.url, asked)).status]).toEqual([path, 404]);
    }
    const form = { ...session, 'content-type': 'text/plain' };
    const purge = { method: 'POST', path: '/api/dead-letters/email/purge', headers: form, body: '{}' };
    expect((await ask(fresh.url, purge)).status).toBe(415);
    expect(await shop.tailQueues()).toEqual([]);
    expect(shop.deadLetters()).toEqual({ visible: 1, inFlight: 0 });
  });
});

it('fanfare console prints an address of its own beside a console that is open already', async () => {
  const port = (url: string): string => new URL(url).port;
  const ports = [
    '--aws-port',
    port(shop.local.awsEndpoint),
    '--dynamodb-port',
    port(shop.local.dynamodbEndpoint),
  ];
  const command = spawn(process.execPath, ['lib/cli/fanfare.ts', 'console', '--port', '0', ...ports], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  for await (const chunk of command.stderr) {
    said += chunk;
    if (said.includes('Ctrl-C')) break;
  }
  expect(said).toContain('works once, in one browser');
  const [, url = '', token] = /(http:\S+)\/#token=(\S+)/.exec(said) ?? [];
  const statuses = [await exchange(url, token), await exchange(url, token)].map(({ status }) => status);
  expect(statuses).toEqual([200, 403]);
  command.kill('SIGINT');
  await once(command, 'exit');
});

describe('in a browser', () => {
  it('the address that the command prints opens the console, and the token is gone from the address', async () => {
    const page = await person.newPage();
    await page.goto(console.signInUrl);
    await page.getByRole('heading', { name: 'Bus', level: 1 }).waitFor();
    expect(page.url()).toBe(`${console.url}/`);
    await page.reload();
    await page.getByText('email', { exact: true }).waitFor();
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.close();
  });

  it('a second tab has the session too, also when the old address is opened again', async () => {
    const page = await person.newPage();
    await page.goto(console.signInUrl);
    await page.getByRole('heading', { name: 'Bus', level: 1 }).waitFor();
    await page.goto(`${console.url}/#/dead-letters/email`);
    await page.getByText('1 dead letter.').waitFor();
    await page.close();
  });

  it('a second browser is told to run the command again, and sees nothing', async () => {
    const other = await browser.newContext();
    const page = await other.newPage();
    for (const address of [console.signInUrl, console.url, `${console.url}/#/dead-letters/email`]) {
      await page.goto('about:blank');
      await page.goto(address);
      await page.getByText('Run the command again').waitFor();
      expect(await page.content()).not.toContain(shop.local.apiUrl);
    }
    await other.close();
  });
});

/** Everything that a page can try without being asked, at every address of the console. */
const ATTACK = (target: string): string => `<!doctype html><body><script>
  const target = ${JSON.stringify(target)};
  const gets = ['/', '/api/live', '/api/dead-letters/email', '/api/trace?id=1', '/api/mail', '/api/session'];
  const posts = ['/api/live', '/api/dead-letters/email', '/api/dead-letters/email/purge', '/api/dead-letters/email/redrive', '/session'];
  const image = (path) => new Promise((resolve) => {
    const made = document.createElement('img');
    made.onload = () => resolve('loaded ' + path);
    made.onerror = () => resolve('refused');
    made.src = target + path;
  });
  const request = (path, options) => fetch(target + path, { credentials: 'include', ...options })
    .then((answer) => answer.type === 'opaque' ? 'refused' : 'read ' + path, () => 'refused');
  const form = (path) => new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.name = path;
    document.body.append(frame);
    const made = document.createElement('form');
    Object.assign(made, { method: 'POST', action: target + path, target: path, enctype: 'text/plain' });
    made.innerHTML = '<input name="{&quot;a&quot;:&quot;" value="&quot;}">';
    document.body.append(made);
    frame.onload = () => resolve('refused');
    made.submit();
  });
  const source = (path) => new Promise((resolve) => {
    const made = new EventSource(target + path, { withCredentials: true });
    made.onopen = () => resolve('listens ' + path);
    made.onerror = () => { made.close(); resolve('refused'); };
  });
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  const plain = { method: 'POST', mode: 'no-cors', body: '{}' };
  Promise.all([
    ...gets.flatMap((path) => [image(path), request(path), request(path, { mode: 'no-cors' }), source(path)]),
    ...posts.flatMap((path) => [request(path, json), request(path, plain), form(path)]),
  ]).then((results) => { document.title = [...new Set(results)].join(); });
</script>`;

describe('a hostile page in the browser that has the session', () => {
  const seen: IncomingMessage[] = [];
  const hostile = createServer((request, response) => {
    seen.push(request);
    response.setHeader('content-type', 'text/html').end(ATTACK(console.url));
  });
  let port: number;
  beforeAll(async () => {
    await new Promise<void>((resolve) => hostile.listen(0, '127.0.0.1', resolve));
    port = (hostile.address() as AddressInfo).port;
    return () => {
      hostile.closeAllConnections();
      hostile.close();
    };
  });

  it.each(['127.0.0.1', 'localhost', 'evil.localhost'])(
    'at %s reads nothing and changes nothing',
    async (name) => {
      const page = await person.newPage();
      await page.goto(`http://${name}:${port}/`);
      await page.waitForFunction('document.title !== ""');
      expect(await page.title()).toBe('refused');
      expect(await shop.tailQueues()).toEqual([]);
      expect(shop.deadLetters()).toEqual({ visible: 1, inFlight: 0 });
      await page.close();
    },
  );

  it('cannot lead the browser to the console by a link', async () => {
    const page = await person.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    const [answer] = await Promise.all([
      page.waitForResponse(`${console.url}/`),
      page.evaluate(`location.href = ${JSON.stringify(`${console.url}/#/trace/order-1`)}`),
    ]);
    expect(answer.status()).toBe(403);
    await page.close();
  });

  it('gets the cookie, for browsers send it to every port, and can do nothing with it alone', async () => {
    const page = await person.newPage();
    await page.goto(`http://127.0.0.1:${port}/api/`);
    await page.close();
    const [stolen] = seen.flatMap(({ headers }) => headers.cookie ?? []);
    expect(stolen).toContain('fanfare-console-');
    for (const path of ['/api/session', '/api/mail']) {
      const headers = { cookie: stolen ?? '' };
      expect((await ask(console.url, { path, headers })).status).toBe(401);
    }
  });
});
