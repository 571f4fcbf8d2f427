import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../../lib/local/guard.ts';

const ask = (headers: Record<string, string>, method = 'GET') => refusal({ method, headers });

describe('a request is refused with a reason that names what was foreign', () => {
  it.each([
    [{}, "not for ''"],
    [{ host: 'evil.example:3000' }, "not for 'evil.example:3000'"],
    [{ host: 'localhost', origin: 'https://evil.example' }, 'a page of https://evil.example may not use it'],
    [{ host: 'localhost', origin: 'https://localhost' }, 'a page of https://localhost may not use it'],
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

  it('when it does not come by a link from another port', () => {
    const link = {
      host: 'localhost',
      'sec-fetch-site': 'same-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect(ask(link)).toBeUndefined();
    expect(ask(link, 'POST')).toBeDefined();
    expect(ask({ ...link, 'sec-fetch-mode': 'no-cors' })).toBeDefined();
    expect(ask({ ...link, 'sec-fetch-dest': 'iframe' })).toBeDefined();
  });
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
  expect(ask({ host, origin: `http://${host}` }, 'POST')).toBeUndefined();
});
