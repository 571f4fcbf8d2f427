import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { ordersProject, synthesizeIn } from '../../apps/orders/project.ts';

const CONTEXT = { stage: 'prod', alarmEmail: 'you@example.com', mailFrom: 'orders@shop.dev' };
const SETTINGS = Object.entries(CONTEXT).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
const assemblyDirectory = mkdtempSync(join(tmpdir(), 'fanfare-prod-'));
const FANFARE = resolve('lib/cli/fanfare.ts');
const project = ordersProject();
const documents = mkdtempSync(join(tmpdir(), 'fanfare-documents-'));
let local: LocalStack;

beforeAll(async () => {
  synthesizeIn(project, assemblyDirectory, CONTEXT);
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
});

afterAll(async () => {
  await local.stop();
  for (const folder of [assemblyDirectory, documents, project])
    rmSync(folder, { recursive: true, force: true });
});

/** Runs a command, which takes the engines of this machine for AWS. */
async function fanfare(...args: readonly string[]) {
  const child = spawn(process.execPath, [FANFARE, ...args], {
    cwd: project,
    env: {
      PATH: process.env.PATH,
      NO_COLOR: '1',
      AWS_ENDPOINT_URL: local.awsEndpoint,
      AWS_ENDPOINT_URL_DYNAMODB: local.dynamodbEndpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      FANFARE_AWS_PORT: new URL(local.awsEndpoint).port,
      FANFARE_DYNAMODB_PORT: new URL(local.dynamodbEndpoint).port,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      output[name] += chunk.toString();
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...output };
}

it('the doctor compares a stage with what is synthesized for it', async () => {
  const { code, stdout } = await fanfare('doctor', '--stage', 'prod', ...SETTINGS.slice(2), '--json');
  expect(JSON.parse(stdout).data.findings).toEqual([]);
  expect(code).toBe(0);
}, 120_000);

it('the stage may be named by a setting alone, and settings count', async () => {
  const QueueUrl = local.find('Email', 'Queue').physicalId;
  await local.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '9' } }));
  const { code, stdout } = await fanfare('doctor', ...SETTINGS, '-c', 'mailFrom=other@shop.dev');
  expect(stdout).toContain('Email/Consumer/Queues/Queue has DelaySeconds: 9, and 0 is synthesized');
  expect(stdout).toContain('Environment.Variables.MAIL_FROM: another value, which is not shown');
  expect(stdout).not.toContain('not in the app');
  expect(code).toBe(1);
}, 120_000);

it.each([
  [
    'another stage than it is of',
    ['doctor', '--stage', 'dev', '--assembly', assemblyDirectory],
    'is of app shop and stage prod',
  ],
  [
    'what runs here, which is dev',
    ['doctor', '--assembly', assemblyDirectory],
    'is of app shop and stage prod',
  ],
])('an assembly is not compared with %s', async (_, args, message) => {
  expect(await fanfare(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});

it('a stage that is not there is not taken for another', async () => {
  const { code, stderr } = await fanfare('doctor', '--stage', 'dev', '--assembly', 'cdk.out');
  expect(code).not.toBe(0);
  expect(stderr).not.toContain('not in the app');
});

it('faults are not set on this machine for a stage', async () => {
  const { code } = await fanfare('chaos', 'email', 'fail', '--stage', 'prod');
  expect(code).toBe(2);
  expect(local.faults.faults).toEqual([]);
});

it('the documents are those of the settings that are named', async () => {
  const settings = ['jwtIssuer=https://issuer.example.com', 'jwtAudience=events', 'jwtScopes=events.publish'];
  const args = [...SETTINGS, ...settings.flatMap((pair) => ['-c', pair])];
  const { code, stderr } = await fanfare('contracts', 'docs', '--out', documents, ...args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(readFileSync(join(documents, 'openapi.json'), 'utf8')).toContain('issuer.example.com');
}, 120_000);
