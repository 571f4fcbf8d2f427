import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { examine } from '../../../lib/ops/doctor/examine.ts';
import { committer } from '../../apps/faults/consumer.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';

const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/faults/', import.meta.url).href,
  publishEntry: './publish.ts',
  fifo: true,
  consumers: [{ definition: committer, entry: './committer.ts' }],
});
let local: LocalStack;

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
});

afterAll(async () => {
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

it('a FIFO bus that is as it was synthesized is well', async () => {
  const { awsEndpoint, dynamodbEndpoint } = local;
  const place = { kind: 'local', awsEndpoint, dynamodbEndpoint } as const;
  const clients = createOpsClients(place);
  const { findings } = await examine(clients, { stage: 'dev', place, assemblyDirectory, knownTypes: [] });
  clients.close();
  expect(findings).toMatchObject([{ severity: 'warning', resource: 'alarm topic' }]);
});
