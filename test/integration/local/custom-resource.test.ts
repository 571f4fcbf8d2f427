import { describe, expect, it } from 'vitest';
import { functionOf, idOf, newFolder, run, type Stack, stop, writeAssembly } from './assembly.ts';

/** Answers as the function of a custom resource does, with what it was asked for. */
const CREATES = `exports.handler = async (event) => {
  const { ResponseURL, RequestId, ...rest } = event;
  console.log('ASKED ' + JSON.stringify(event));
  const answer = { Status: 'SUCCESS', PhysicalResourceId: 'made-' + RequestId, Data: { Place: rest.ResourceProperties.place } };
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
};`;
const REFUSES = `exports.handler = async ({ ResponseURL }) => {
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify({ Status: 'FAILED', Reason: 'too old' }) });
};`;

function stack(
  source: string,
  place = 'here',
  serviceToken: unknown = { 'Fn::GetAtt': ['Maker', 'Arn'] },
): Stack {
  const { resource, bundles } = functionOf(source);
  return {
    resources: {
      Maker: resource,
      Start: { Type: 'Custom::FanfareStartFrom', Properties: { ServiceToken: serviceToken, place } },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: { 'Fn::GetAtt': ['Start', 'Place'] } },
      },
    },
    bundles: { ...bundles },
  };
}

describe('a custom resource', () => {
  it('is created by its function, which is asked once, and not when the app changes', async () => {
    const lines: string[] = [];
    const options = { log: (line: string) => void lines.push(line), verbose: true };
    const local = await run(writeAssembly(stack(CREATES)), options);
    const asked = () => lines.filter((line) => line.includes('ASKED'));
    expect(idOf(local, 'Start')).toMatch(/^made-[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(idOf(local, 'Queue')).toMatch(/\/here$/);
    await local.reload(writeAssembly(stack(CREATES, 'there')));
    expect(asked()).toHaveLength(1);
    expect(asked()[0]).toContain('"RequestType":"Create"');
    expect(asked()[0]).toMatch(/"ResponseURL":"http:\/\/127\.0\.0\.1:/);
    await stop(local);
  });

  it('has the same request after a restart, by which its function knows what it has created', async () => {
    const dataDirectory = newFolder();
    const assembly = writeAssembly(stack(CREATES));
    const first = await run(assembly, { dataDirectory });
    const id = idOf(first, 'Start');
    await stop(first);
    const second = await run(assembly, { dataDirectory });
    expect(idOf(second, 'Start')).toBe(id);
    await stop(second);
  });
});

/** Before its own answer, others call the port. What they are answered is in the id. */
const DISTURBED = `exports.handler = async ({ ResponseURL }) => {
  const { origin } = new URL(ResponseURL);
  const good = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'forged', Data: { Place: 'there' } });
  const put = async (url, body, headers = {}) => (await fetch(url, { method: 'PUT', body, headers })).status;
  const seen = [
    await put(origin + '/', good),
    await put(ResponseURL, 'no JSON'),
    await put(ResponseURL, good, { origin: 'https://evil.example' }),
  ];
  const answer = { Status: 'SUCCESS', PhysicalResourceId: seen.join('-'), Data: { Place: 'here' } };
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
};`;

it('an answer that is not of the function is refused, and ends nothing', async () => {
  const local = await run(writeAssembly(stack(DISTURBED)));
  expect(idOf(local, 'Start')).toBe('400-400-400');
  await stop(local);
});

describe('nothing runs, with the reason, when', () => {
  it.each<[string, Stack, RegExp]>([
    ['its function refuses it', stack(REFUSES), /Custom::FanfareStartFrom Start of stack Shop: too old/],
    ['its function throws', stack('exports.handler = async () => { throw new Error("no way"); };'), /no way/],
    [
      'its function does not answer',
      stack('exports.handler = async () => {};'),
      /its function has not answered/,
    ],
    ['its function is not here', stack(CREATES, 'here', 'arn:elsewhere'), /ServiceToken is arn:elsewhere/],
  ])('%s', async (_, one, reason) => {
    await expect(run(writeAssembly(one))).rejects.toThrow(reason);
  });
});
