import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAssembly } from '../../../lib/local/assembly/read-assembly.ts';
import { startLocal } from '../../../lib/local/start-local.ts';

const folder = mkdtempSync(join(tmpdir(), 'fanfare-assembly-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An assembly of one stack, written by hand. */
function assemblyOf(resources: object): string {
  const directory = mkdtempSync(join(folder, 'a-'));
  const stack = {
    type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/eu-central-1',
    properties: { templateFile: 'shop.json' },
  };
  writeFileSync(
    join(directory, 'manifest.json'),
    JSON.stringify({ version: '1', artifacts: { Shop: stack } }),
  );
  writeFileSync(join(directory, 'shop.json'), JSON.stringify({ Resources: resources }));
  return directory;
}
const start = (assemblyDirectory: string) =>
  startLocal({ assemblyDirectory, ports: { api: 0, aws: 0, dynamodb: 0 }, log: () => undefined });

describe('an assembly that cannot run here is refused, and says why', () => {
  it('when there is none', () => {
    expect(() => readAssembly(folder)).toThrow(`there is no synthesized app in ${folder}`);
  });

  it.each([
    [
      'an unknown type',
      { Db: { Type: 'AWS::RDS::DBInstance' } },
      'AWS::RDS::DBInstance Db of stack Shop has a type that the local runner does not know',
    ],
    ...['constructor', 'toString', 'hasOwnProperty'].map((Type): [string, object, string] => [
      `the type ${Type}`,
      { Thing: { Type } },
      `${Type} Thing of stack Shop has a type that the local runner does not know`,
    ]),
    [
      'a function of another runtime',
      { F: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'python3.13' } } },
      "has the runtime 'python3.13'",
    ],
    [
      'a function without its asset',
      {
        F: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs24.x', Code: { S3Key: 'x.zip' } } },
      },
      'its asset x.zip is not in the assembly',
    ],
    [
      'a reference to nothing',
      { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Nothing' } } } },
      'refers to Nothing, which does not exist',
    ],
    [
      'resources that wait for each other',
      {
        A: { Type: 'AWS::SQS::Queue', DependsOn: 'B' },
        B: { Type: 'AWS::SQS::Queue', DependsOn: ['A'] },
      },
      'resources of stack Shop depend on each other in a cycle: A -> B -> A',
    ],
    [
      'a queue that SQS would refuse',
      { Q: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 50_000 } } },
      'AWS::SQS::Queue Q of stack Shop:',
    ],
  ])('%s', async (_, resources, message) => {
    await expect(start(assemblyOf(resources))).rejects.toThrow(message);
  });
});

it('creates what others refer to first, in the region of the stack', async () => {
  const local = await start(
    assemblyOf({
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 },
        },
      },
      Dead: { Type: 'AWS::SQS::Queue' },
    }),
  );
  try {
    expect(local.resources.map(({ logicalId }) => logicalId)).toEqual(['Dead', 'Queue']);
    expect(local.resources[0]?.attributes.Arn).toBe('arn:aws:sqs:eu-central-1:000000000000:Shop-Dead');
  } finally {
    await local.stop();
  }
});
