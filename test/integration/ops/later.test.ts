import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetScheduleCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { DeleteQueueCommand, PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients, type Target } from '../../../lib/ops/clients.ts';
import { type Deployment, readDeployment } from '../../../lib/ops/deployment.ts';
import { examine } from '../../../lib/ops/doctor/examine.ts';
import type { DeployedSchedules } from '../../../lib/ops/scheduled/deployed-schedules.ts';
import { readRecurring } from '../../../lib/ops/who/read-recurring.ts';
import { eventually } from '../../apps/client.ts';
import { createApp } from '../../apps/later/app.ts';
import { expectDocumented } from './documented-shapes.ts';
import { runFanfare } from './run-fanfare.ts';

const BUS = 'later-dev-Bus';
const assemblyDirectory = mkdtempSync(join(tmpdir(), 'fanfare-later-'));
let local: LocalStack;
let place: Target;
let clients: ReturnType<typeof createOpsClients>;
let deployment: Deployment;
let deployed: DeployedSchedules;

beforeAll(async () => {
  createApp({ outdir: assemblyDirectory }).synth();
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    // What is put into the queue of later events stays there.
    polls: () => false,
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  place = { kind: 'local', awsEndpoint, dynamodbEndpoint };
  clients = createOpsClients(place);
  deployment = await readDeployment(clients, { app: 'later', stage: 'dev' });
  deployed = deployment.scheduled ?? expect.fail('the bus keeps no events for later');
});

afterEach(async () => {
  for (const QueueUrl of [deployed.queueUrl, deployed.deadLetterQueueUrl, deployed.undeliveredQueueUrl])
    await clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));
});

afterAll(async () => {
  clients.close();
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

const send = (QueueUrl: string) => clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
const fanfare = (...args: readonly string[]) => runFanfare(local, [...args, '--app', 'later']);
const statusOf = async () => {
  const { code, stdout } = await fanfare('status', '--json');
  return { code, bus: JSON.parse(stdout).data.bus };
};
const troubles = [
  ['dead', () => deployed.deadLetterQueueUrl, '1 dead letter of later events'],
  [
    'undelivered',
    () => deployed.undeliveredQueueUrl,
    '1 event that EventBridge Scheduler could not send to the queue of later events',
  ],
] as const;

describe('doctor', () => {
  const findings = async () =>
    (await examine(clients, { app: 'later', stage: 'dev', place, assemblyDirectory, knownTypes: [] }))
      .findings;
  const ofLater = async () =>
    (await findings()).filter(
      ({ resource }) => resource.includes('queue of') || resource.includes('later events'),
    );

  it('finds nothing wrong while nothing was given up', async () => {
    await send(deployed.queueUrl);
    expect(await ofLater()).toEqual([]);
  });

  it('names what does not come any more', async () => {
    await send(deployed.deadLetterQueueUrl);
    await send(deployed.undeliveredQueueUrl);
    expect(await ofLater()).toEqual([
      {
        severity: 'error',
        resource: `dead-letter queue of the schedules of ${BUS}`,
        detail:
          'holds 1 event that EventBridge Scheduler could not send to the queue of later events, for 14 days',
        remedy: 'see docs/runbook.md#scheduledeadletters',
      },
      {
        severity: 'warning',
        resource: `dead-letter queue of the later events of ${BUS}`,
        detail: 'holds 1 message that could not be published, for 14 days',
        remedy: 'see docs/runbook.md#laterdeadletters',
      },
    ]);
  });

  it('counts them, when there are several', async () => {
    for (const _ of [1, 2]) {
      await send(deployed.deadLetterQueueUrl);
      await send(deployed.undeliveredQueueUrl);
    }
    expect((await ofLater()).map(({ detail }) => detail)).toEqual([
      'holds 2 events that EventBridge Scheduler could not send to the queue of later events, for 14 days',
      'holds 2 messages that could not be published, for 14 days',
    ]);
  });
});

describe('who', () => {
  const producersOf = async (type: string) => {
    const { stdout } = await fanfare('who', type, '--json');
    const [event] = JSON.parse(stdout).data;
    expectDocumented('who', event);
    return event.producers;
  };

  it('lists the schedule of an event that comes again and again, with its expression', async () => {
    expect(await producersOf('later.PaymentTimedOut')).toContainEqual({
      kind: 'schedule',
      name: expect.stringMatching(/PaymentTimedOut/),
      owner: 'later-dev',
      versions: [1],
      sources: ['/later-dev/schedule'],
      expression: 'rate(1 day)',
      timezone: 'UTC',
    });
    const { stdout } = await fanfare('who', 'later.PaymentTimedOut.v1');
    expect(stdout).toMatch(/^schedule +v1 +rate\(1 day\) UTC, as \/later-dev\/schedule$/m);
  });

  it('lists none of an event that does not come again and again', async () => {
    const kinds = (await producersOf('later.PaymentReceived')).map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(['anyone']);
  });

  it('lists none that somebody has disabled', async () => {
    const scheduler = await clients.scheduler();
    const [{ name: Name } = expect.fail()] = await readRecurring(clients, deployment);
    const { groupName: GroupName } = deployed;
    const found = await scheduler.send(new GetScheduleCommand({ GroupName, Name }));
    const { ScheduleExpression, FlexibleTimeWindow, Target } = found;
    const same = { Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target };
    await scheduler.send(new UpdateScheduleCommand({ ...same, State: 'DISABLED' }));
    expect(await readRecurring(clients, deployment)).toEqual([]);
    await scheduler.send(new UpdateScheduleCommand({ ...same, State: 'ENABLED' }));
    expect(await readRecurring(clients, deployment)).toHaveLength(1);
  });
});

describe('status', () => {
  it('says nothing of later events that wait', async () => {
    await send(deployed.queueUrl);
    await eventually('the alarms of earlier tests are off', async () => (await statusOf()).code === 0);
    const { bus } = await statusOf();
    expect(bus).toMatchObject({ trouble: [], problems: [] });
    expectDocumented('bus', bus);
  });

  it.each(troubles)('shows what is %s as trouble of the bus', async (kind, queueUrl, detail) => {
    await send(queueUrl());
    const { code, bus } = await statusOf();
    expect(code).toBe(1);
    expect(bus.trouble).toContainEqual({ kind, detail });
    expect(bus.problems).toEqual([]);
    expect((await fanfare('status')).stdout).toContain(`the bus: ${detail}`);
  });

  it('shows a queue that is gone as trouble too', async () => {
    const { undeliveredQueueUrl: QueueUrl } = deployed;
    await clients.sqs.send(new DeleteQueueCommand({ QueueUrl }));
    // There is nothing left to clean up in it.
    deployed = { ...deployed, undeliveredQueueUrl: deployed.queueUrl };
    const name = QueueUrl.split('/').at(-1);
    const { bus } = await statusOf();
    expect(bus.trouble).toContainEqual({
      kind: 'missing',
      detail: `dead-letter queue of the schedules ${name} does not exist`,
    });
  });
});
