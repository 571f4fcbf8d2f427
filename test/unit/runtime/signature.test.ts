import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { signedHeaders } from '../../../lib/aws/signature.ts';

/** What the SDK's signer wants of a hash. */
class NodeSha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}

const credentials = fc.record({
  accessKeyId: fc.stringMatching(/^[A-Z0-9]{16}$/),
  secretAccessKey: fc.stringMatching(/^[A-Za-z0-9/+]{40}$/),
  sessionToken: fc.option(fc.stringMatching(/^[A-Za-z0-9/+=]{20,200}$/), { nil: undefined }),
});

it('signs every request as the SDK does', async () => {
  await fc.assert(
    fc.asyncProperty(
      credentials,
      fc.constantFrom('us-east-1', 'eu-west-1'),
      fc.date({ min: new Date('2001-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      async (identity, region, date, body) => {
        const headers = {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'DynamoDB_20120810.X',
        };
        const host = 'dynamodb.example.com:8000';
        const signer = new SignatureV4({
          service: 'dynamodb',
          region,
          credentials: identity,
          sha256: NodeSha256,
          applyChecksum: false,
        });
        const theirs = await signer.sign(
          {
            method: 'POST',
            protocol: 'https:',
            hostname: 'dynamodb.example.com',
            path: '/',
            query: {},
            headers: { ...headers, host },
            body,
          },
          { signingDate: date },
        );
        const ours = signedHeaders(
          { method: 'POST', host, path: '/', headers, body },
          { service: 'dynamodb', region, credentials: identity, now: date.getTime() },
        );
        expect(ours.authorization).toBe(theirs.headers.authorization);
        expect(ours['x-amz-security-token']).toBe(theirs.headers['x-amz-security-token']);
      },
    ),
  );
});

it('signs what goes to S3 as the SDK does', async () => {
  await fc.assert(
    fc.asyncProperty(
      credentials,
      fc.constantFrom('GET' as const, 'PUT' as const),
      fc.stringMatching(/^\/[a-z0-9-]{3,20}\/(events\/[0-9a-f]{64}|date%3D2026-11-27)\/[0-9a-f]{64}$/),
      fc.oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.uint8Array({ maxLength: 200 })),
      fc.constantFrom<Record<string, string>>({}, { 'x-amz-storage-class': 'INTELLIGENT_TIERING' }),
      async (identity, method, path, body, headers) => {
        const host = 's3.eu-west-1.amazonaws.com';
        const context = { service: 's3', region: 'eu-west-1', credentials: identity };
        const signer = new SignatureV4({ ...context, sha256: NodeSha256, uriEscapePath: false });
        const date = new Date('2026-01-31T12:00:00Z');
        const request = {
          method,
          protocol: 'https:',
          hostname: host,
          path,
          query: {},
          headers: { host, ...headers },
          body,
        };
        const theirs = await signer.sign(request, { signingDate: date });
        const ours = signedHeaders(
          { method, host, path, headers, body },
          { ...context, now: date.getTime() },
        );
        expect(ours.authorization).toBe(theirs.headers.authorization);
        expect(ours['x-amz-content-sha256']).toBe(theirs.headers['x-amz-content-sha256']);
      },
    ),
  );
});
