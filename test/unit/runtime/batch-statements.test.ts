import type { BatchStatementResponse } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { executeStatements, insertion } from '../../../lib/runtime/idempotency/batch-statements.ts';
import type { LeaseContext } from '../../../lib/runtime/idempotency/lease-context.ts';

const statements = (count: number) =>
  Array.from({ length: count }, (_, n) => insertion('records', { id: { S: `e${n}` } }));

/** Executes statements against a DynamoDB that answers every request with this. */
async function execute(count: number, answer: () => { readonly Responses?: BatchStatementResponse[] }) {
  const sizes: number[] = [];
  const send = async ({ input }: { readonly input: { readonly Statements: readonly object[] } }) => {
    sizes.push(input.Statements.length);
    return answer();
  };
  // The port's send is generic over commands; this one answers the only one that is sent.
  const dynamodb = { send } as unknown as LeaseContext['dynamodb'];
  const executed = [...executeStatements(dynamodb, statements(count))];
  const outcomes = await Promise.all(executed.map(async ([id, outcome]) => [id, await outcome] as const));
  return { outcomes, sizes };
}

it('each statement has its own outcome, with what DynamoDB says of it', async () => {
  const { outcomes } = await execute(5, () => ({
    Responses: [
      {},
      { Error: { Code: 'DuplicateItem', Message: 'exists' } },
      { Error: { Code: 'ThrottlingError' } },
      { Error: {} },
    ],
  }));
  expect(outcomes).toEqual([
    ['e0', { code: 'done' }],
    ['e1', { code: 'DuplicateItem', message: 'exists' }],
    ['e2', { code: 'ThrottlingError', message: '' }],
    ['e3', { code: 'Unknown', message: '' }],
    ['e4', { code: 'NoAnswer', message: expect.stringContaining('does not mention') }],
  ]);
});

it('a request that fails, or whose answer is empty, is the outcome of each of its statements', async () => {
  const failed = await execute(2, () => {
    throw Object.assign(new Error('down'), { name: 'InternalServerError' });
  });
  expect(failed.outcomes.map(([, outcome]) => outcome)).toEqual(
    Array(2).fill({ code: 'InternalServerError', message: 'down' }),
  );
  const { outcomes } = await execute(1, () => ({}));
  expect(outcomes).toMatchObject([['e0', { code: 'NoAnswer' }]]);
});

it.each([
  [0, []],
  [25, [25]],
  [51, [25, 25, 1]],
])('%d statements take requests of %j', async (count, expected) => {
  const { sizes, outcomes } = await execute(count, () => ({ Responses: Array(25).fill({}) }));
  expect(sizes).toEqual(expected);
  expect(outcomes).toEqual(statements(count).map(({ id }) => [id, { code: 'done' }]));
});

it('a request without an answer holds up the statements of no other', async () => {
  const answers = [new Promise(() => undefined), Promise.resolve({ Responses: [{}] })];
  const dynamodb = { send: () => answers.shift() } as unknown as LeaseContext['dynamodb'];
  expect(await executeStatements(dynamodb, statements(26)).get('e25')).toEqual({ code: 'done' });
});
