import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { requestJson } from '../../../lib/aws/json-request.ts';
import { type ReadSecretProps, readSecret } from '../../../lib/aws/read-secret.ts';
import { signedHeaders } from '../../../lib/aws/signature.ts';
import { createSecrets } from '../../../lib/runtime/secrets.ts';

interface Answer {
  /** 0 breaks the connection. */
  readonly status: number;
  readonly body: string;
}

/** What the services are to answer, one after the other, and what they were asked. */
const answers: Answer[] = [];
const asked: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    asked.push({ headers: request.headers, body });
    const { status, body: text } = answers.shift() ?? { status: 500, body: '' };
    if (status === 0) request.socket.destroy();
    else response.writeHead(status).end(text);
  });
});
let props: ReadSecretProps;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  props = {
    region: 'eu-west-1',
    credentials: async () => ({ accessKeyId: 'id', secretAccessKey: 'key' }),
    environment: { AWS_ENDPOINT_URL_SSM: url, AWS_ENDPOINT_URL_SECRETS_MANAGER: `${url}/` },
    clock: { now: () => 0, sleep: async () => undefined },
    random: () => 0,
  };
});
afterAll(() => server.close());
afterEach(() => {
  answers.length = 0;
  asked.length = 0;
  vi.unstubAllEnvs();
});

const refused = (status: number, __type: string, message: string): Answer => ({
  status,
  body: JSON.stringify({ __type, message }),
});

describe('a secret is read by one signed request', () => {
  it.each([
    ['secretsManager', 'secretsmanager', { SecretString: 'value' }, { SecretId: 'shop/key' }],
    ['ssmParameter', 'ssm', { Parameter: { Value: 'value' } }, { Name: 'shop/key', WithDecryption: true }],
  ] as const)('of %s', async (store, service, answer, body) => {
    answers.push({ status: 200, body: JSON.stringify(answer) });
    expect(await readSecret(store, 'shop/key', props)).toBe('value');
    expect(asked).toHaveLength(1);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual(body);
    const { host = '', authorization, ...headers } = asked[0]?.headers ?? {};
    const sent = { method: 'POST' as const, host, path: '/', body: JSON.stringify(body) };
    const named = ['content-type', 'x-amz-target'].map((name) => [name, String(headers[name])] as const);
    const signed = signedHeaders(
      { ...sent, headers: Object.fromEntries(named) },
      {
        service,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
        now: 0,
      },
    );
    expect(authorization).toBe(signed.authorization);
  });

  it.each([
    ['eu-west-1', 'https://ssm.eu-west-1.amazonaws.com/'],
    ['cn-north-1', 'https://ssm.cn-north-1.amazonaws.com.cn/'],
  ])('in %s from %s', async (region, url) => {
    const fetch = vi.spyOn(globalThis, 'fetch');
    fetch.mockImplementation(async () => new Response('{"Parameter":{"Value":"value"}}'));
    expect(await readSecret('ssmParameter', 'key', { ...props, region, environment: {} })).toBe('value');
    expect(String(fetch.mock.calls[0]?.[0])).toBe(url);
    fetch.mockRestore();
  });

  it('and by another one after an answer that passes', async () => {
    answers.push(refused(400, 'ThrottlingException', 'slower'), { status: 503, body: '<html>' });
    answers.push({ status: 0, body: '' }, { status: 200, body: '{"SecretString":"value"}' });
    expect(await readSecret('secretsManager', 'key', props)).toBe('value');
    expect(asked).toHaveLength(4);
  });

  it.each([
    [
      'is missing',
      refused(400, 'ResourceNotFoundException', 'no such'),
      /'key': 400 ResourceNotFoundException: no such/,
      1,
    ],
    ['may not be read', refused(400, 'AccessDeniedException', 'no'), /400 AccessDeniedException: no/, 1],
    [
      'is no text',
      { status: 200, body: '{"SecretBinary":"c2VjcmV0"}' },
      /'key': it is binary, and not text$/,
      1,
    ],
    [
      'is in an answer that is not JSON',
      { status: 200, body: '{"SecretString": sk_live_1}' },
      /'key': its answer is not JSON$/,
      4,
    ],
    ['does not come', { status: 500, body: 'a page' }, /secretsmanager does not give 'key': 500 $/, 4],
    ['is asked for in vain', { status: 0, body: '' }, /fetch failed/, 4],
  ])('it fails when the secret %s', async (_, answer, message, requests) => {
    for (let one = 0; one < 5; one++) answers.push(answer);
    await expect(readSecret('secretsManager', 'key', props)).rejects.toThrow(message);
    expect(asked).toHaveLength(requests);
  });
});

it('a request ends with its caller', async () => {
  const operation = { service: 'ssm', variable: 'SSM', target: 'AmazonSSM.GetParameter' };
  const ended = AbortSignal.abort(new Error('too late'));
  await expect(requestJson(operation, {}, props, ended)).rejects.toThrow('too late');
  expect(asked).toEqual([]);
});

it('a parameter without a value is no secret', async () => {
  answers.push({ status: 200, body: '{}' });
  await expect(readSecret('ssmParameter', 'key', props)).rejects.toThrow("ssm does not give 'key': it is");
});

describe('the secrets of a process', () => {
  const withVariable = (text: string) => vi.stubEnv('SECRET_STRIPEKEY', text);

  it('are read once, however often they are asked for', async () => {
    withVariable('secretsmanager:shop/stripe');
    const read = vi.fn(async () => 'value');
    const get = createSecrets(['stripeKey'], read);
    expect(await Promise.all([get('stripeKey'), get('stripeKey')])).toEqual(['value', 'value']);
    expect(await get('stripeKey')).toBe('value');
    expect(read.mock.calls).toEqual([['secretsManager', 'shop/stripe']]);
  });

  it('are read again when they could not be', async () => {
    withVariable('ssm:/shop/stripe');
    const read = vi.fn(async () => 'value').mockRejectedValueOnce(new Error('down'));
    const get = createSecrets(['stripeKey'], read);
    await expect(get('stripeKey')).rejects.toThrow("the secret 'stripeKey' cannot be read: down");
    expect(await get('stripeKey')).toBe('value');
  });

  it('are those of the definition', async () => {
    await expect(createSecrets([])('other')).rejects.toThrow(
      "the consumer's definition names no 'other' under secrets",
    );
  });

  it.each([
    ['no place', '', 'SECRET_STRIPEKEY is not set'],
    ['a place of another release', 'vault:x', "'vault:x' does not say where a secret is kept"],
  ])('stop the start of a function that was given %s', (_, text, message) => {
    withVariable(text);
    expect(() => createSecrets(['stripeKey'])).toThrow(message);
  });
});
