import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { idOf, run, writeAssembly } from './assembly.ts';

let local: LocalStack;
let sfn: SFNClient;
const said: string[] = [];

beforeAll(async () => {
  const resources = { Work: { Type: 'AWS::StepFunctions::StateMachine', Properties: {} } };
  local = await run(writeAssembly({ resources }), { log: (line) => said.push(line) });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  sfn = new SFNClient({ endpoint: local.awsEndpoint, region: 'us-east-1', credentials });
});

const start = (name: string, input: object) =>
  sfn.send(
    new StartExecutionCommand({ stateMachineArn: idOf(local, 'Work'), name, input: JSON.stringify(input) }),
  );

it('keeps an execution that is started, once by its name, and runs nothing', async () => {
  const first = await start('one', { a: 1 });
  const second = await start('one', { a: 1 });
  expect(second.executionArn).toBe(first.executionArn);
  expect(first.executionArn).toMatch(/^arn:aws:states:us-east-1:000000000000:execution:Shop-Work:one$/);
  expect(second.startDate).toEqual(first.startDate);
  await expect(start('one', { a: 2 })).rejects.toBeInstanceOf(ExecutionAlreadyExists);
  const kept = await fetch(`${local.awsEndpoint}/_fanfare/executions`);
  expect(await kept.json()).toEqual([
    {
      executionArn: first.executionArn,
      stateMachineArn: idOf(local, 'Work'),
      name: 'one',
      input: '{"a":1}',
      startDate: expect.any(Number),
    },
  ]);
  expect(said.filter((line) => line.includes('To Step Functions'))).toEqual([
    'To Step Functions: one of Shop-Work',
  ]);
});

it('says once that nothing runs', () => {
  expect(said.join('\n')).toContain('Step Functions does not run on this machine');
});
