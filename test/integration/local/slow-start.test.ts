import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishFirstEvents } from '../../../lib/cli/first-events.ts';
import { eventually } from '../../apps/client.ts';
import { functionOf, newFolder, run, stop, writeAssembly } from './assembly.ts';

/** An API with one function behind it; the source may use `marker`, a file that is not there at first. */
function shop(sourceOf: (marker: string) => string): { assembly: string; marker: string } {
  const marker = join(newFolder(), 'marker');
  const publish = functionOf(`const fs = require('node:fs'), marker = ${JSON.stringify(marker)};
    ${sourceOf(marker)}`);
  const assembly = writeAssembly({
    resources: {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
      Publish: publish.resource,
      ToPublish: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: { IntegrationUri: { 'Fn::GetAtt': ['Publish', 'Arn'] } },
      },
      Route: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          RouteKey: 'POST /events',
          Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'ToPublish' }]] },
        },
      },
    },
    bundles: { ...publish.bundles },
  });
  return { assembly, marker };
}

const TAKE = `exports.handler = async () => { fs.writeFileSync(marker, 'taken'); return { statusCode: 202 }; };`;
/** A bundle that needs so long to load, synchronously, as a large one does. */
const loadsFor = (milliseconds: number) =>
  `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${milliseconds}); ${TAKE}`;

const FIRST = { file: 'first.json', body: '[]' };

describe('the first events of a start', () => {
  it.each([
    // Longer than the 10 seconds that Lambda gives a bundle, and than one try after them would.
    ['loads longer than Lambda lets it', () => loadsFor(12_000)],
    [
      'cannot load at first',
      (marker: string) =>
        `if (!fs.existsSync('${marker}.loaded')) { fs.writeFileSync('${marker}.loaded', ''); throw new Error('not yet'); } ${TAKE}`,
    ],
    [
      'answers 503 at first',
      () => `let calls = 0; exports.handler = async () => {
        if ((calls += 1) === 1) return { statusCode: 503, body: 'SNS does not answer' };
        fs.writeFileSync(marker, 'taken');
        return { statusCode: 202 };
      };`,
    ],
  ])('is published in the end when the function %s, and the terminal says so', async (_, sourceOf) => {
    const { assembly, marker } = shop(sourceOf);
    const lines: string[] = [];
    const local = await run(assembly, { log: (line) => lines.push(line) });
    await publishFirstEvents(local.apiUrl, FIRST, { say: (line) => lines.push(line) });
    await eventually('it is published', () => existsSync(marker), 40_000);
    await eventually('the terminal says so', () => lines.includes('The events of first.json are published.'));
    expect(lines.join('\n')).toContain(
      'The events of first.json are not published yet, and are tried again: the API answered 50',
    );
    await stop(local);
  });

  it('is not waited for when the function never takes it', async () => {
    const { assembly } = shop(() => `exports.handler = async () => ({ statusCode: 400, body: 'never' });`);
    const local = await run(assembly);
    const lines: string[] = [];
    const ending = new AbortController();
    await publishFirstEvents(local.apiUrl, FIRST, { say: (line) => lines.push(line), signal: ending.signal });
    expect(lines).toEqual([
      'The events of first.json are not published yet, and are tried again: the API answered 400: never',
    ]);
    ending.abort();
    await stop(local);
  });
});
