import { readFileSync, rmSync } from 'node:fs';
import { ListSubscriptionsByTopicCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { examine } from '../../../lib/ops/doctor/examine.ts';
import type { Finding } from '../../../lib/ops/doctor/finding.ts';
import { claimer, committer } from '../../apps/faults/consumer.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { type Field, PLANTED_FAULTS, SUBSCRIBED_BY_HAND } from './planted-faults.ts';

const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/faults/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [
    { definition: claimer, entry: './claimer.ts' },
    { definition: committer, entry: './committer.ts' },
  ],
});
const DOCUMENTED = readFileSync(new URL('../../../docs/operate.md', import.meta.url), 'utf8');
let local: LocalStack;
let clients: ReturnType<typeof createOpsClients>;
let field: Field;

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  const idOf = (end: string): string =>
    local.resources.find(({ path }) => path.replace(/\/Resource$/, '').endsWith(end))?.physicalId ??
    expect.fail(`there is no ${end}`);
  field = { clients, idOf };
});

afterAll(async () => {
  clients.close();
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

/** A deployment puts everything right but what it does not know. */
afterEach(async () => {
  const TopicArn = local.find('Bus', 'Topic').physicalId;
  const { Subscriptions = [] } = await clients.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  const byHand = SUBSCRIBED_BY_HAND.map(({ endpoint }): string => endpoint);
  for (const { SubscriptionArn, Endpoint = '' } of Subscriptions) {
    if (byHand.includes(Endpoint)) await clients.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  }
  await local.reload(assemblyDirectory);
});

/** But that nobody listens to the alarms of this machine. */
async function findings(): Promise<readonly Finding[]> {
  const place = { kind: 'local', ...local } as const;
  const options = { stage: 'dev', place, assemblyDirectory, knownTypes: ['test.FaultRequested.v1'] };
  const { findings: found } = await examine(clients, options);
  return found.filter(({ resource }) => resource !== 'alarm topic');
}

it('a deployment that is as it was synthesized is well', async () => {
  expect(await findings()).toEqual([]);
});

it.each(PLANTED_FAULTS)('found and documented: $name', async ({ name, plant, expected, also = [] }) => {
  await plant(field);
  const found = await findings();
  expect(found).toContainEqual(expect.objectContaining(expected));
  for (const { property, remedy } of found)
    if (property !== undefined) expect(remedy).toContain('changed it by hand');
  const resources = new Set(found.map(({ resource }) => resource));
  expect([...resources].toSorted()).toEqual([expected.resource, ...also].toSorted());
  expect(DOCUMENTED).toContain(`| ${name} | found |`);
});
