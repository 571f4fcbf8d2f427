import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAuthorize } from '../../../lib/publishing/client/authorize.ts';

const API = new URL('https://abc123.execute-api.eu-west-1.amazonaws.com/events');
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'token',
};
const headers = { 'content-type': 'application/cloudevents+json' };
const body = '{"specversion":"1.0","subject":"café"}';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 31, 12), toFake: ['Date'] });
  vi.stubEnv('AWS_REGION', '');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('a request to the API on AWS', () => {
  it('is signed as the AWS CLI signs the same request at the same time', async () => {
    // Made with botocore's SigV4Auth of this request, with the same hash of the body in x-amz-content-sha256.
    expect(await createAuthorize(API, { credentials })({ url: API, headers, body })).toMatchObject({
      'x-amz-date': '20260131T120000Z',
      'x-amz-security-token': 'token',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260131/eu-west-1/execute-api/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=ef948a45b9671f431e3185b29bff5feca5f3c54424cdb3858169eff7b569be4c',
    });
  });

  it('is signed for the region of its host name, unless another is named', async () => {
    const scope = async (region?: string) =>
      (await createAuthorize(API, { credentials, region })({ url: API, headers, body })).authorization;
    expect(await scope()).toContain('/eu-west-1/execute-api/aws4_request');
    expect(await scope('us-east-2')).toContain('/us-east-2/execute-api/aws4_request');
  });

  it('asks for the region when the host name does not say it', () => {
    expect(() => createAuthorize(new URL('https://events.example.com/events'), { credentials })).toThrow(
      'the region of events.example.com is not known',
    );
  });

  it('carries a token instead of a signature when it is given one, asked for each time', async () => {
    let asked = 0;
    const authorize = createAuthorize(API, { bearerToken: () => `token-${++asked}` });
    await authorize({ url: API, headers, body });
    expect(await authorize({ url: API, headers, body })).toEqual({
      ...headers,
      authorization: 'Bearer token-2',
    });
  });
});

describe('a request to this machine', () => {
  it.each(['http://127.0.0.1:3000/events', 'http://localhost:3000/events', 'http://[::1]:3000/events'])(
    'needs no credentials: %s',
    async (address) => {
      const url = new URL(address);
      expect(await createAuthorize(url, {})({ url, headers, body })).toEqual(headers);
    },
  );

  it('is signed all the same when credentials are given', async () => {
    const url = new URL('http://127.0.0.1:3000/events');
    const signed = await createAuthorize(url, { credentials, region: 'eu-west-1' })({ url, headers, body });
    expect(signed.authorization).toContain('AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/');
  });
});
