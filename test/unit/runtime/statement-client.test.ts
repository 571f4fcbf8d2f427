import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { BatchExecuteStatementCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStatementClient } from '../../../lib/aws/statement-client.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const batch = new BatchExecuteStatementCommand({
  Statements: [{ Statement: 'INSERT ...', Parameters: [{ S: 'naïve' }] }],
});
const answered: Answer = (response) => response.end('{"Responses":[{"TableName":"records"}]}');
const seen: { target: unknown; userAgent: unknown; length: unknown; body: string }[] = [];
const paths: (string | undefined)[] = [];
let answers: Answer[] = [];

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { 'x-amz-target': target, 'user-agent': userAgent, 'content-length': length } = request.headers;
  paths.push(request.url);
  seen.push({ target, userAgent, length, body: Buffer.concat(chunks).toString() });
  (answers.shift() ?? answered)(response, request);
});

beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  vi.stubEnv(
    'AWS_ENDPOINT_URL_DYNAMODB',
    `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
  );
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'key');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  seen.length = 0;
  paths.length = 0;
  answers = [];
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('sends a batch of statements by hand, once, when all is well', async () => {
  const { Responses } = await createStatementClient().send(batch);
  expect(Responses).toEqual([{ TableName: 'records' }]);
  expect(seen).toEqual([
    {
      target: 'DynamoDB_20120810.BatchExecuteStatement',
      userAgent: undefined,
      length: '73',
      body: '{"Statements":[{"Statement":"INSERT ...","Parameters":[{"S":"naïve"}]}]}',
    },
  ]);
});

it('sends it where the SDK would, also when the endpoint has a path', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `${process.env.AWS_ENDPOINT_URL_DYNAMODB}/behind/a/proxy`);
  answers = [(response) => response.writeHead(500).end('{}')];
  await createStatementClient().send(batch);
  expect(paths).toEqual(['/behind/a/proxy/', '/behind/a/proxy/']);
});

it.each<[string, Answer]>([
  ['an error', (response) => response.writeHead(500).end('{}')],
  ['a connection that breaks', (_, request) => request.socket.destroy()],
  ['an answer that cannot be read', (response) => response.end('{"Resp')],
])('leaves it to the SDK after %s', async (_, first) => {
  answers = [first];
  const { Responses } = await createStatementClient().send(batch);
  expect(Responses).toEqual([{ TableName: 'records' }]);
  expect(seen.map(({ userAgent }) => userAgent)).toEqual([undefined, expect.stringContaining('aws-sdk-js')]);
});

it("throws the SDK's own error when that fails as well", async () => {
  const refused: Answer = (response) =>
    response
      .writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
      .end(
        '{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"no such table"}',
      );
  answers = [refused, refused];
  await expect(createStatementClient().send(batch)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'no such table',
  });
});

it('leaves every other command to the SDK', async () => {
  await createStatementClient().send(
    new UpdateItemCommand({ TableName: 'records', Key: { id: { S: '1' } } }),
  );
  expect(seen).toMatchObject([{ target: 'DynamoDB_20120810.UpdateItem', userAgent: expect.any(String) }]);
});

it('sends nothing again when its signal has fired', async () => {
  const asked = Promise.withResolvers<void>();
  answers = [() => asked.resolve()];
  const time = new AbortController();
  const answer = createStatementClient().send(batch, { abortSignal: time.signal });
  await asked.promise;
  time.abort();
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  expect(seen).toHaveLength(1);
});
