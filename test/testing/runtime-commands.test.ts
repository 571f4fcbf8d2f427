import { globSync, readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DynamoDBEngine, startDynamoDB } from '../../lib/local/engines/dynamodb.ts';
import { reservePort } from '../../lib/local/engines/reserve-port.ts';
import { canonicalItem } from '../../lib/testing/values/equal.ts';
import { answerOf } from './answers.ts';
import {
  expressionsOf,
  type RecordedCommand,
  recordCommands,
  TABLES,
  type TableItems,
} from './runtime-commands.ts';

const COMMANDS = {
  BatchExecuteStatement: sdk.BatchExecuteStatementCommand,
  TransactWriteItems: sdk.TransactWriteItemsCommand,
  UpdateItem: sdk.UpdateItemCommand,
};
/** What the engine does though DynamoDB refuses it: it removes an element of a list that is absent. */
const REFUSED_BY_DYNAMODB_ALONE = 'ValidationException';

let engine: DynamoDBEngine;
let client: sdk.DynamoDBClient;
let recorded: readonly RecordedCommand[];

beforeAll(async () => {
  engine = await startDynamoDB(await reservePort(0, { what: 'test', flag: '', variable: '' }), undefined);
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  client = new sdk.DynamoDBClient({ endpoint: engine.endpoint, region: 'eu-west-1', credentials });
  for (const [TableName, AttributeName] of Object.entries(TABLES))
    await client.send(
      new sdk.CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName, KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName, AttributeType: 'S' }],
      }),
    );
  recorded = await recordCommands();
});

afterAll(async () => {
  client.destroy();
  await engine.stop();
});

it('all kinds of expressions that the runtime sends are recorded', () => {
  const sent = recorded.flatMap(({ input }) => expressionsOf(input)).join('\n');
  for (const part of [
    /^INSERT .*'leaseUntil':\?.*'attemptNotes':\?/m, // a claim after deliveries that left no trace
    /^INSERT .*'status':\?,'owner':\?,'attempts':\?/m, // done without a claim
    /^UPDATE .* SET "status"=\? WHERE "id"=\? AND "owner"=\?/m, // done
    /^UPDATE .* REMOVE "outbox"/m, // published
    /^SET .*leaseUntil = :leaseUntil.*ADD attempts.*attemptNotes\[9\]/m, // the next attempt
    /^SET .*leaseUntil = :leaseUntil.*attempts = :one.*attemptNotes\[9\]/m, // a new count
    /^SET .*leaseUntil = :leaseUntil.*alone$/m, // an attempt after one without notes
    /^SET .*alone = :true.*ADD attempts/m, // an attempt after the process died
    /^SET .*alone = :true, attemptNotes = :notes(?!.*ADD)/m, // taken over to be given up
    /^SET #status = :set_status, #error.*list_append/m, // failed
    /^SET .*#startedAt = :set_startedAt.*#error.*list_append/m, // failed without a claim
    /#outbox = :set_outbox$/m, // done, its events not published
    /ADD attempts :minusOne/, // given back
    /commitToken = :token, outbox = :outbox/, // a commit after a claim
    /#commitToken = :commitToken.*REMOVE #outbox/, // a commit without one
    /nextSlotAt = nextSlotAt \+ :span/, // a slot after others
    /attribute_not_exists\(nextSlotAt\)/, // the first slot
    /^expiresAt < :nowSeconds$/m, // a record whose time is over
  ])
    expect(sent).toMatch(part);
});

it('all commands that the runtime has are recorded', () => {
  const names = globSync('lib/runtime/**/*.ts')
    // Sagas and breakers have tests of their own on the embedded engines, and their reads have no expression.
    .filter((file) => !/^lib\/runtime\/(?:saga|breaker)\//.test(file))
    .map((file) => readFileSync(file, 'utf8'))
    .filter((text) => text.includes('@aws-sdk/client-dynamodb'))
    .flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)].map(([, name]) => name));
  expect([...new Set(recorded.map(({ operation }) => operation))].toSorted()).toEqual(
    [...new Set(names)].toSorted(),
  );
});

it('DynamoDB in memory answers the runtime, and does, what the embedded engine does', async () => {
  for (const one of recorded) {
    const ours = await comparable(one.answer);
    const what = `${one.operation} ${expressionsOf(one.input).join(' | ')}`;
    if (isRefusedByDynamoDBAlone(ours)) {
      expect(what).toMatch(/REMOVE .*attemptNotes\[9\]/);
      continue;
    }
    await replaceItems(one.before);
    const command = commandOf(one);
    expect(await comparable(() => Reflect.apply(client.send, client, [command])), what).toEqual(ours);
    for (const [table, items] of Object.entries(one.after))
      expect(texts(await itemsOf(table)), what).toEqual(texts(items));
  }
});

/** Of statements the codes: the words of their errors are nobody's promise. */
async function comparable(send: () => unknown): Promise<unknown> {
  const answer = await answerOf(send);
  if (typeof answer !== 'object' || answer === null || !('Responses' in answer)) return answer;
  return Array.isArray(answer.Responses) ? answer.Responses.map(codeOf) : answer;
}

function codeOf({ Error: error }: sdk.BatchStatementResponse): string {
  return error?.Code ?? 'done';
}

function isRefusedByDynamoDBAlone(answer: unknown): boolean {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'name' in answer &&
    answer.name === REFUSED_BY_DYNAMODB_ALONE
  );
}

/** The command anew. Its token is of another run, so it is left out. */
function commandOf({ operation, input }: RecordedCommand): object {
  const [, Command] = Object.entries(COMMANDS).find(([name]) => name === operation) ?? [];
  if (!Command) throw new TypeError(`the runtime sends ${operation}, which this test does not know`);
  return Reflect.construct(Command, [{ ...input, ClientRequestToken: undefined }]);
}

async function replaceItems(items: TableItems): Promise<void> {
  for (const [TableName, key] of Object.entries(TABLES)) {
    for (const item of await itemsOf(TableName))
      await client.send(new sdk.DeleteItemCommand({ TableName, Key: { [key]: item[key] ?? { S: '' } } }));
  }
  for (const [TableName, all] of Object.entries(items)) {
    for (const Item of all) await client.send(new sdk.PutItemCommand({ TableName, Item }));
  }
}

async function itemsOf(TableName: string): Promise<readonly Record<string, sdk.AttributeValue>[]> {
  const { Items = [] } = await client.send(new sdk.ScanCommand({ TableName }));
  return Items;
}

const texts = (items: readonly Readonly<Record<string, sdk.AttributeValue>>[]): string[] =>
  items.map(canonicalItem).toSorted();
