import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../../lib/local/http/guard.ts';

const ask = (headers: Record<string, string>) => refusal({ headers });

describe('a request is refused with a reason that names what was foreign', () => {
  it.each([
    [{}, "not as ''"],
    [{ host: 'evil.example:3000' }, "not as 'evil.example:3000'"],
    [{ host: 'localhost', origin: 'https://evil.example' }, 'a page of https://evil.example may not call it'],
    [{ host: 'localhost', origin: 'https://localhost' }, 'a page of https://localhost may not call it'],
    [{ host: 'localhost', 'sec-fetch-site': 'cross-site' }, 'type the address'],
  ])('%j', (headers, reason) => {
    expect(ask(headers)).toContain(reason);
  });

  it('whatever name it is that leads here', () => {
    const port = fc.option(fc.nat(65_535), { nil: undefined });
    fc.assert(
      fc.property(fc.domain(), port, (name, number) => {
        const host = number === undefined ? name : `${name}:${number}`;
        return ask({ host }) !== undefined;
      }),
    );
  });

  it.each(['same-site', 'cross-site', 'nearby', 'none, cross-site', ''])(
    'when a browser says that the page that asks is %j, also by a link',
    (site) => {
      const link = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
      expect(ask({ host: 'localhost', 'sec-fetch-site': site })).toBeDefined();
      expect(ask({ host: 'localhost', 'sec-fetch-site': site, ...link })).toBeDefined();
    },
  );
});

it.each([
  '127.0.0.1',
  '127.0.0.1:4566',
  'localhost:3000',
  '[::1]:3000',
  'bucket.localhost:4566',
  'a.b.localhost',
])('a client that calls this machine %s is answered', (host) => {
  expect(ask({ host })).toBeUndefined();
  expect(ask({ host, origin: `http://${host}` })).toBeUndefined();
});
