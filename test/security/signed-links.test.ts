import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { PublishCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deadLetterActions } from '../../lib/console/actions/dead-letter-actions.ts';
import { eventActions } from '../../lib/console/actions/event-actions.ts';
import type { ConsoleContext } from '../../lib/console/console-context.ts';
import type { Envelope } from '../../lib/contracts/envelope/envelope.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { createOpsClients } from '../../lib/ops/clients.ts';
import type { DeadLetter } from '../../lib/ops/dead-letters/dead-letter.ts';
import { readDeployment } from '../../lib/ops/deployment.ts';
import { tail } from '../../lib/ops/tail.ts';
import { createPublisher } from '../../lib/publishing/client/create-publisher.ts';
import { deadLettersOf, eventually, itemsOf, post } from '../apps/client.ts';
import { reader } from '../apps/reports/consumer.ts';
import { ReportArchived } from '../apps/reports/events.ts';
import { synthesizeApp } from '../apps/synthesize-app.ts';

/** What whoever has it can do: have the data. */
const SECRET = '5ec2e75ec2e7';
const QUERY = `?X-Amz-Credential=AKIA%2F20261126&X-Amz-Signature=${SECRET}`;
const READER = 'shop-dev-Reader';
const TYPE = 'office.ReportArchived.v1';
const assemblyDirectory = synthesizeApp({
  base: new URL('../apps/reports/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [{ definition: reader, entry: './handler.ts' }],
});
/** Everything that a function has written. */
const lines: string[] = [];
const answers: string[] = [];
const seen: Envelope[] = [];
const looking = new AbortController();
let watching: Promise<void>;
let server: Server;
let origin: string;
let local: LocalStack;
let deployed: ConsoleContext;

/** How each event comes to a bad end; the last one is taken and never arrives well. */
const ENDS: Readonly<Record<string, RegExp>> = {
  missing: /answers 404/,
  'no-json': /is not valid JSON/,
  'no-text': /is not UTF-8/,
  'too-long': /more than 6000000 bytes/,
  moved: /answers 302/,
  broken: /breaks its contract/,
  unwanted: /nobody wants/,
  busy: /answers 503/,
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const name = new URL(request.url ?? '', 'http://localhost').pathname.slice(1);
    if (name === 'missing') response.writeHead(404).end();
    else if (name === 'busy') response.writeHead(503).end();
    else if (name === 'moved') response.writeHead(302, { location: request.url }).end();
    else if (name === 'no-text') response.end(Buffer.from([0xff]));
    else if (name === 'too-long') response.end('x'.repeat(6_000_001));
    else if (name === 'no-json') response.end(`<a href="${origin}${request.url}">`);
    else response.end(JSON.stringify({ text: name === 'broken' ? 1 : name }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    environment: { ARCHIVE_ORIGIN: origin, POWERTOOLS_LOG_LEVEL: 'DEBUG' },
    verbose: true,
    log: (line) => lines.push(line),
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  const place = { kind: 'local', awsEndpoint, dynamodbEndpoint } as const;
  const clients = createOpsClients(place);
  const deployment = await readDeployment(clients, { app: 'shop', stage: 'dev' });
  const publisher = createPublisher({ url: local.apiUrl });
  deployed = { place, clients, deployment, contracts: [ReportArchived], publisher, readOnly: false };
  watching = tail(clients, deployment, { signal: looking.signal, onEvent: (event) => seen.push(event) });
  await eventually('the tail listens', async () => {
    await post(local, {
      id: `look-${seen.length}`,
      type: 'office.ReportFiled.v2',
      data: { text: '', pages: 1 },
    });
    return seen.length > 0;
  });
  for (const name of Object.keys(ENDS)) {
    const { status, body } = await post(local, {
      id: name,
      type: TYPE,
      dataref: `${origin}/${name}${QUERY}`,
    });
    answers.push(JSON.stringify(body));
    expect(status).toBe(202);
  }
  const wrong = [
    `https://ada:${SECRET}@evil.example.com/1`,
    `https://evil.example.com/1${QUERY}`,
    `${origin}/a/../b${QUERY}`,
  ];
  for (const dataref of wrong) {
    answers.push(JSON.stringify((await post(local, { id: 'wrong', type: TYPE, dataref })).body));
    await toTopic(JSON.stringify({ specversion: '1.0', id: 'wrong', source: '/test', type: TYPE, dataref }));
  }
  await toTopic(`{"link":"${wrong[1]}"`);
  await eventually(
    'they are dead',
    async () => (await deadLetters()).length === Object.keys(ENDS).length + wrong.length + 1,
  );
});

afterAll(async () => {
  looking.abort();
  await watching;
  await local.stop();
  server.closeAllConnections();
  server.close();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

/** As the console shows them. */
async function deadLetters(): Promise<readonly DeadLetter[]> {
  const list = deadLetterActions(deployed)[0];
  const answer = await list?.run({ consumer: 'reader' }, undefined, new AbortController().signal);
  return (answer as { readonly deadLetters: readonly DeadLetter[] }).deadLetters;
}

async function toTopic(Message: string): Promise<void> {
  const TopicArn = local.find('shop-dev-Bus', 'Bus/Topic').physicalId;
  const MessageAttributes = { type: { DataType: 'String', StringValue: TYPE } };
  await local.sns.send(new PublishCommand({ TopicArn, Message, MessageAttributes }));
}

describe('the query of a signed link, and the password of a link, are not', () => {
  it('in the reasons of dead letters, which say what happened all the same', async () => {
    const all = new Map<string, string>();
    await eventually('all dead letters are read', async () => {
      for (const { MessageId = '', MessageAttributes } of await deadLettersOf(local, READER)) {
        all.set(MessageId, JSON.stringify(MessageAttributes));
      }
      return all.size === Object.keys(ENDS).length + 4;
    });
    for (const attributes of all.values()) expect(attributes).not.toContain(SECRET);
    for (const [name, reason] of Object.entries(ENDS)) {
      const letter = (await deadLetters()).find(({ eventId }) => eventId === name);
      expect(letter?.errorMessage).toMatch(reason);
    }
  });

  it('in records', async () => {
    const records = JSON.stringify(await itemsOf(local, READER, 'IdempotencyTable'));
    expect(records).toContain('nobody wants');
    expect(records).not.toContain(SECRET);
  });

  it('in what functions log, whoever has written it', () => {
    const written = lines.join('\n');
    for (const what of ['unwanted', 'nobody wants', 'it is', 'answers 503', 'nothing was published']) {
      expect(written).toContain(what);
    }
    expect(written).not.toContain(SECRET);
  });

  it('in answers of the API', () => {
    expect(answers.join()).toContain('is a link to');
    expect(answers.join()).not.toContain(SECRET);
  });

  it('in what the console and the command line show: letters, stories and passing events', async () => {
    const shown = JSON.stringify(await deadLetters());
    expect(shown).toContain(`${origin}/missing?…`);
    expect(shown).not.toContain(SECRET);
    const story = eventActions(deployed).find(({ pattern }) => pattern.pathname === '/api/trace');
    const told = JSON.stringify(
      await story?.run({}, { id: 'busy', source: '/test' }, new AbortController().signal),
    );
    expect(told).toContain('answers 503');
    expect(told).not.toContain(SECRET);
    expect(JSON.stringify(seen)).toContain(`${origin}/missing?…`);
    expect(JSON.stringify(seen)).not.toContain(SECRET);
  });

  it('lost by it: what is sent back to the consumer has its whole link', async () => {
    const bodies = (await deadLettersOf(local, READER)).map(({ Body = '' }) => Body);
    expect(bodies.some((body) => body.includes(`/missing${QUERY}`))).toBe(true);
  });
});
