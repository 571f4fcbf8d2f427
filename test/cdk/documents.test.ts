import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createApp } from '../apps/orders/app.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

/** The document of the publish API that a synthesis with these settings writes. */
function openApiOf(context: Record<string, string>) {
  const outdir = mkdtempSync(join(tmpdir(), 'fanfare-documents-'));
  try {
    createApp({ outdir, context: { ...WITHOUT_BUNDLING, ...context } }).synth();
    return JSON.parse(readFileSync(join(outdir, 'openapi.json'), 'utf8'));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

it('the document says how callers of this stage show who they are', () => {
  const signed = openApiOf({});
  expect(signed.security).toEqual([{ iam: [] }]);
  expect(Object.keys(signed.paths['/events'].post.responses)).not.toContain('401');
  const withToken = openApiOf({ jwtIssuer: 'https://login.example.com', jwtAudience: 'shop' });
  expect(withToken.security).toEqual([{ token: [] }]);
  expect(withToken.paths['/events'].post.responses['401'].headers).toHaveProperty('WWW-Authenticate');
});

it('every event of the project has an example in every mode', () => {
  const { content } = openApiOf({}).paths['/events'].post.requestBody;
  const types = content['application/cloudevents+json'].schema.oneOf.map(({ $ref }: { $ref: string }) =>
    $ref.split('/').at(-1),
  );
  for (const mode of [
    'application/cloudevents+json',
    'application/cloudevents-batch+json',
    'application/json',
  ]) {
    expect(Object.keys(content[mode].examples)).toEqual(types);
  }
});
