import { describe, expect, it } from 'vitest';
import { shortenLinks, shortLink, withShortLink } from '../../../lib/contracts/text/short-links.ts';

const QUERY = 'X-Amz-Credential=AKIA%2F20261126&X-Amz-Signature=5ec2e7&X-Amz-Security-Token=t0ken';
const SECRET = /5ec2e7|t0ken|AKIA|hunter2/;
const LINK = `https://archive.s3.amazonaws.com/reports/1?${QUERY}`;
const WHERE = 'https://archive.s3.amazonaws.com/reports/1';

describe('a text keeps no secret of a link in it', () => {
  it.each([
    ['alone', LINK, `${WHERE}?…`],
    ['in quotation marks', `cannot get '${LINK}'; sorry`, `cannot get '${WHERE}?…'; sorry`],
    [
      'with an apostrophe in its path',
      `https://a.example/o'brien?%61=b&sig=hunter2`,
      `https://a.example/o'brien?…`,
    ],
    [
      'with an apostrophe and nothing but a secret',
      `https://a.example/it's?hunter2`,
      `https://a.example/it's?…`,
    ],
    ['with names in brackets', `GET /r?sig%5B%5D=hunter2&a[b]=hunter2`, 'GET /r?…'],
    ['in JSON', JSON.stringify({ dataref: LINK, n: 1 }), `{"dataref":"${WHERE}?…","n":1}`],
    ['in JSON within JSON', JSON.stringify(JSON.stringify({ a: LINK })), undefined],
    ['in JSON with escaped slashes', `{"a":"${LINK.replaceAll('/', '\\/')}"}`, undefined],
    ['in brackets', `<${LINK}>`, `<${WHERE}?…>`],
    ['twice', `${LINK} and ${LINK}`, `${WHERE}?… and ${WHERE}?…`],
    ['over several lines', `Error: a\n  at ${LINK}\n  at b`, `Error: a\n  at ${WHERE}?…\n  at b`],
    ['without its host', `GET /reports/1?${QUERY} answers 403`, 'GET /reports/1?… answers 403'],
    [
      'without anything before it',
      `the signature X-Amz-Signature=5ec2e7 is wrong`,
      'the signature X-Amz-Signature=… is wrong',
    ],
    ['encoded within another', `https://proxy.example.com/to/${encodeURIComponent(LINK)}`, undefined],
    [
      'as a query of another',
      `https://proxy.example.com/?to=${encodeURIComponent(LINK)}`,
      'https://proxy.example.com/?…',
    ],
    ['with a user', 'https://ada:hunter2@example.com/a', 'https://…@example.com/a'],
    ['with an at sign in the password', 'https://ada:hunt@hunter2@example.com/a', 'https://…@example.com/a'],
    ['with a fragment', 'https://example.com/a#access_token=hunter2', 'https://example.com/a?…'],
    ['in capitals', `HTTPS://example.com/a?${QUERY}`, 'HTTPS://example.com/a?…'],
    ['of another scheme', 's3://bucket/key?versionId=hunter2', 's3://bucket/key?…'],
    [
      'signed by CloudFront',
      'https://d.cloudfront.net/a?Expires=1&Signature=hunter2&Key-Pair-Id=K',
      'https://d.cloudfront.net/a?…',
    ],
    [
      'signed by Azure',
      'https://a.blob.core.windows.net/b?sv=1&sig=hunter2%3D',
      'https://a.blob.core.windows.net/b?…',
    ],
    ['with a query that is a word', 'https://example.com/a?hunter2', 'https://example.com/a?…'],
  ])('%s', (_, text, short) => {
    const shortened = shortenLinks(text);
    expect(shortened).not.toMatch(SECRET);
    if (short !== undefined) expect(shortened).toBe(short);
    expect(shortenLinks(shortened)).toBe(shortened);
  });

  it.each(['What is that? Nothing.', 'a@example.com', 'https://example.com/a/b', '1 == 1 ? 2 : 3', 'C#', ''])(
    'and is left as it is when there is none: %s',
    (text) => {
      expect(shortenLinks(text)).toBe(text);
    },
  );
});

it.each([
  ['https://ada:hunter2@example.com/a?b', 'https://…@example.com/a?…'],
  ['https:\\\\ada:hunter2@example.com\\a?b', 'https:\\\\…@example.com\\a?…'],
  ['https:ada:hunter2@example.com/a', 'https:…@example.com/a'],
  [`https://example.com/a?x='"<> ${QUERY}`, 'https://example.com/a?…'],
  [`https://example.com/a#?${QUERY}`, 'https://example.com/a?…'],
  ['/a?hunter2', '/a?…'],
])('the link %s is shortened whole, whatever is in it', (link, short) => {
  expect(shortLink(link)).toBe(short);
});

it('a text of a million links, or of a million beginnings of them, is shortened too', () => {
  expect(shortenLinks(`${'://'.repeat(1_000_000)}?hunter2`)).not.toMatch(SECRET);
  expect(shortenLinks(`${'?a=b '.repeat(200_000)}`)).toBe('?… '.repeat(200_000));
  expect(shortenLinks('x-amz-'.repeat(200_000))).toBe('x-amz-'.repeat(200_000));
  expect(shortenLinks(`https://${'@'.repeat(500_000)}`)).toBe('https://…@');
});

it('an event that is shown has a short link, and all else as it was', () => {
  const event = { id: '1', dataref: LINK, data: { link: LINK } };
  expect(withShortLink(event)).toEqual({ ...event, dataref: `${WHERE}?…` });
  const whole = { id: '1', dataref: undefined };
  expect(withShortLink(whole)).toBe(whole);
});
