import { expect, it } from 'vitest';
import { startCommand } from './command.ts';

const EVENT = ['shop.OrderPlaced', '--data', '{}'];

it.each([
  ['a profile without a stage', ['status', '--profile', 'prod'], 'name one with --stage'],
  ['a region without a stage', ['dlq', 'list', 'email', '--region', 'eu-west-1'], 'name one with --stage'],
  ['a profile without a stage, of what destroys', ['destroy', '--profile', 'prod'], 'name one with --stage'],
  ['a stage and a port of this machine', ['status', '--stage', 'prod', '--aws-port', '4566'], 'say one'],
  ['a stage and a port, as a setting', ['destroy', '-c', 'stage=prod', '--dynamodb-port', '1'], 'say one'],
  ['two stages', ['doctor', '--stage', 'prod', '-c', 'stage=dev'], '--stage is prod, but -c stage is dev'],
  ['settings of no stage', ['destroy', '-c', 'alarmEmail=you@example.com'], 'name it with --stage'],
  ['a setting without a value', ['doctor', '-c', 'stage='], 'Say a name and a value'],
  ['settings and an assembly', ['doctor', '--assembly', 'cdk.out', '-c', 'stage=prod'], 'say one'],
  ['faults for a stage', ['chaos', 'email', 'fail', '--stage', 'prod'], 'leave --stage out'],
  ['faults for a profile', ['chaos', '--profile', 'prod'], 'leave --profile out'],
  [
    'a profile to publish to this machine',
    ['publish', ...EVENT, '--profile', 'prod'],
    'which API with --url',
  ],
  ['a token and a profile', ['publish', ...EVENT, '--token', 't', '--profile', 'p'], 'cannot be used with'],
  [
    'types and a consumer',
    ['tail', '--type', 'shop.OrderPlaced.v1', '--consumer', 'email'],
    'cannot be used',
  ],
])('%s is refused, and nothing is done', async (_, args, message) => {
  const { code, stdout, stderr } = await startCommand(args).ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});
