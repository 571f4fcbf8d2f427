import { expect, it } from 'vitest';
import { run, writeAssembly } from './assembly.ts';

const parameter = (Name: string) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name, Type: 'String', Value: `value of ${Name}` },
});

it('lists the parameters under a path, ten at a time', async () => {
  const names = Array.from(
    { length: 12 },
    (_, index) => `/app/consumers/c${String(index).padStart(2, '0')}/1`,
  );
  const all = [...names, '/app/consumersofothers/c/1', '/app/consumers/direct', '/other/c/1'];
  const resources = Object.fromEntries(all.map((name, index) => [`P${index}`, parameter(name)]));
  const local = await run(writeAssembly({ resources }));
  const ask = async (input: object) => {
    const response = await fetch(local.awsEndpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonSSM.GetParametersByPath',
      },
      body: JSON.stringify({ Path: '/app/consumers', ...input }),
    });
    const page: { Parameters: { Name: string; Value: string }[]; NextToken?: string } = JSON.parse(
      await response.text(),
    );
    return page;
  };
  const first = await ask({ Recursive: true });
  expect(first.Parameters.map(({ Name }) => Name)).toEqual(names.slice(0, 10));
  expect(first.Parameters[0]).toEqual({ Name: names[0], Type: 'String', Value: `value of ${names[0]}` });
  const second = await ask({ Recursive: true, NextToken: first.NextToken });
  expect(second.Parameters.map(({ Name }) => Name)).toEqual([...names.slice(10), '/app/consumers/direct']);
  expect(second).not.toHaveProperty('NextToken');
  expect((await ask({})).Parameters.map(({ Name }) => Name)).toEqual(['/app/consumers/direct']);
});
