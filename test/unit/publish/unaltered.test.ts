import { describe, expect, it } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../../lib/contracts/envelope/request-limits.ts';
import { BATCHED, data, order, publish, STRUCTURED } from './shop-door.ts';

const text = JSON.stringify(order);
const inData = (member: string): string => text.replace('"data":{', `"data":{${member},`);
const binary = {
  'content-type': 'application/json',
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-source': '/shop',
  'ce-type': 'shop.OrderPlaced.v1',
};

describe('what would be altered on its way is a 400 that says where', () => {
  it.each([
    ['a number beyond 2^53', inData('"note":9007199254740993'), '/data/note'],
    ['more digits than a double keeps', inData('"a":[{"b":3.14159265358979323846}]'), '/data/a/0/b'],
    ['a number that becomes zero', inData('"a":1e-400'), '/data/a'],
    ['a number that becomes infinite', inData('"a":-1e400'), '/data/a'],
    ['an attribute that is there twice', text.replace('{', '{"id":"2",'), '/id'],
    ['a member of the data that is there twice', inData('"orderId":"o-2"'), '/data/orderId'],
    ['a member that is there twice, once escaped', inData('"\\u006frderId":"o-2"'), '/data/orderId'],
    ['data that is there twice', text.replace('{', '{"data":{},'), '/data'],
    ['half of a surrogate pair', inData('"a":"\\ud83c"'), '/data/a'],
  ])('%s', async (_, body, pointer) => {
    const structured = await publish(Buffer.from(body));
    expect(structured).toMatchObject({ status: 400, published: [] });
    expect(structured.headers?.['content-type']).toBe('application/problem+json');
    expect(structured.body.errors).toEqual([{ index: 0, pointer, detail: expect.any(String) }]);
    expect(structured.body.detail).toContain(pointer);
    const batch = await publish(Buffer.from(`[${text},${body}]`), { 'content-type': BATCHED });
    expect(batch).toMatchObject({ status: 400, published: [], body: { errors: [{ index: 1, pointer }] } });
  });

  it('in binary mode, with pointers into the event', async () => {
    const body = JSON.stringify(data).replace('{', '{"a":[9007199254740993],"b":1,"b":2,');
    const { status, body: problem } = await publish(body, binary);
    expect(status).toBe(400);
    expect(problem.errors).toMatchObject([
      { index: 0, pointer: '/data/a/0' },
      { index: 0, pointer: '/data/b' },
    ]);
  });

  it('and names every event of a batch in which something would be', async () => {
    const { body } = await publish(
      Buffer.from(`[${inData('"a":1e-999')},${text},${inData('"a":1e999,"b":[1e999]')}]`),
      {
        'content-type': BATCHED,
      },
    );
    expect(
      body.errors.map(({ index, pointer }: { index: number; pointer: string }) => [index, pointer]),
    ).toEqual([
      [2, '/data/a'],
      [2, '/data/b/0'],
    ]);
  });

  it('but a number as a string, or one that keeps its value, is taken as it is', async () => {
    const { published } = await publish(Buffer.from(inData('"a":"9007199254740993","b":1.50e2,"c":0.1')));
    expect(published[0]?.data).toMatchObject({ a: '9007199254740993', b: 150, c: 0.1 });
  });
});

describe('bytes that are no UTF-8', () => {
  const broken = Buffer.concat([Buffer.from('{"note":"'), Buffer.from([0xff]), Buffer.from('"}')]);

  it('are refused in base64', async () => {
    expect(await publish(broken)).toMatchObject({ status: 400, published: [] });
  });

  it('are refused when API Gateway has decoded them, and the same character is taken when it was meant', async () => {
    const note = (character: string): string => JSON.stringify(data).replace('{', `{"note":"${character}",`);
    const decoded = await publish(note(Buffer.from([0xff]).toString('utf8')), binary);
    expect(decoded).toMatchObject({ status: 400, published: [] });
    expect(decoded.body.detail).toContain('\\ufffd');
    const escaped = await publish(note('\\ufffd'), binary);
    expect(escaped.published[0]?.data).toMatchObject({ note: '\ufffd' });
    const bytes = await publish(Buffer.from(inData('"note":"\ufffd"')));
    expect(bytes.published[0]?.data).toMatchObject({ note: '\ufffd' });
  });

  it('are refused in a BOM of another encoding', async () => {
    expect(await publish(Buffer.from(`\ufeff${text}`, 'utf16le'))).toMatchObject({ status: 400 });
  });
});

describe('headers of binary mode', () => {
  it.each([
    ['raw UTF-8 bytes', { 'ce-subject': Buffer.from('Köln').toString('latin1') }, '/subject'],
    ['raw Latin-1 bytes', { 'ce-subject': 'K\u00f6ln' }, '/subject'],
    ['characters beyond Latin-1', { 'ce-subject': '🎺' }, '/subject'],
    ['a tab', { 'ce-subject': 'a\tb' }, '/subject'],
    ['percent-encoding that is no UTF-8', { 'ce-subject': '%ff' }, '/subject'],
    ['half of a percent-encoding', { 'ce-subject': '100%' }, '/subject'],
    ['ce-data', { 'ce-data': '{}' }, '/data'],
    ['ce-data_base64', { 'CE-Data_Base64': 'e30=' }, '/data_base64'],
    ['ce-datacontenttype', { 'ce-datacontenttype': 'application/json' }, '/datacontenttype'],
    ['one attribute in two headers', { 'ce-subject': 'a', 'CE-Subject': 'b' }, '/subject'],
  ])('%s are a 400 that says where', async (_, wrong, pointer) => {
    const answer = await publish(data, { ...binary, ...wrong });
    expect(answer).toMatchObject({ status: 400, published: [] });
    expect(answer.body.errors).toEqual([{ index: 0, pointer, detail: expect.any(String) }]);
  });

  it('with data and no body are refused too', async () => {
    const answer = await publish('', { ...binary, 'ce-data': '{}' });
    expect(answer).toMatchObject({ status: 400, published: [], body: { errors: [{ pointer: '/data' }] } });
  });

  it('are all named at once', async () => {
    const { body } = await publish(data, { ...binary, 'ce-id': 'ö', 'ce-subject': '%' });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/id', '/subject']);
  });
});

describe('the largest request', () => {
  const LAMBDA_BYTES = 6 * 1024 * 1024;
  /** One event of so many bytes. */
  const ofSize = (bytes: number): Buffer => {
    const empty = inData('"note":""');
    return Buffer.from(empty.replace('"note":""', `"note":"${'x'.repeat(bytes - empty.length)}"`));
  };
  const taken = () => ({ status: 'published', messageId: 'm' }) as const;

  it('is what fits into an invocation in base64, with what API Gateway puts around it', () => {
    const around = LAMBDA_BYTES - Buffer.alloc(MAX_REQUEST_BYTES).toString('base64').length;
    expect(around).toBe(65_536);
  });

  it('is taken, whatever the API adds to its event, and one of a byte more is a 413', async () => {
    const headers = { 'content-type': STRUCTURED };
    const { status } = await publish(ofSize(MAX_REQUEST_BYTES), headers, taken, MAX_REQUEST_BYTES);
    expect(status).toBe(202);
    const more = await publish(ofSize(MAX_REQUEST_BYTES + 1), headers, taken, MAX_REQUEST_BYTES);
    expect([more.status, more.body.detail]).toEqual([
      413,
      'the request has 4669441 bytes; at most 4669440 are allowed',
    ]);
  });
});

it('bytes of a Content-Type that are not ASCII are refused, as those of other headers are', async () => {
  const headers = { ...binary, 'content-type': 'application/json;q="\u00c3\u00b6"' };
  const answer = await publish(Buffer.from(JSON.stringify(data)), headers);
  expect(answer).toMatchObject({ status: 400, published: [] });
  expect(JSON.stringify(answer)).toContain('/datacontenttype');
});
