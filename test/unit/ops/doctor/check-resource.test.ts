import { expect, it } from 'vitest';
import { createOpsClients } from '../../../../lib/ops/clients.ts';
import { checkResource } from '../../../../lib/ops/doctor/check-resource.ts';

const clients = createOpsClients({
  kind: 'local',
  awsEndpoint: 'http://127.0.0.1:1',
  dynamodbEndpoint: 'http://127.0.0.1:1',
});
const source = { ...clients, alarmNamed: async () => ({ Threshold: 9 }) };
const alarm = (Threshold: number) => ({
  Resources: { Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Threshold } } },
});

it.each([
  ['what was deployed is as synthesized', alarm(1), /^somebody has changed it by hand: .*--revert-drift/],
  ['what was deployed is something else', alarm(9), /^npx cdk deploy Email, with/],
  ['what was deployed cannot be read', undefined, /^npx cdk deploy Email --revert-drift/],
])('a difference says who has made it: %s', async (_, deployedTemplate, remedy) => {
  const template = alarm(1);
  const stack = {
    template,
    deployedTemplate,
    synthesized: { stackName: 'Email', tags: {}, terminationProtection: false, template, paths: new Map() },
    resources: new Map([['Alarm', { type: 'AWS::CloudWatch::Alarm', physicalId: 'Late' }]]),
    deployed: {
      stackName: 'Email',
      id: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Email/0a1b-2c3d',
      status: 'UPDATE_COMPLETE',
      tags: {},
      outputs: {},
      parameters: {},
      terminationProtection: false,
    },
  };
  const findings = await checkResource(source, {
    stack,
    pairs: new Map([['Email', stack]]),
    logicalId: 'Alarm',
    resource: template.Resources.Alarm,
  });
  expect(findings.find(({ property }) => property === 'Threshold')?.remedy).toMatch(remedy);
});
