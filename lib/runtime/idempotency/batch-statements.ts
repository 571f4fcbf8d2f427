import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementResponse,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

import { reasonOf, toError } from '../error-reason.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html */
const MAX_STATEMENTS = 25;

/** A PartiQL statement that writes the record of one event. */
export interface RecordStatement {
  readonly id: string;
  readonly statement: string;
  readonly parameters: AttributeValue[];
}

/** How one statement ended: `done`, or the code and message of what went wrong. */
export type StatementOutcome =
  | { readonly code: 'done' }
  | { readonly code: string; readonly message: string };

/**
 * Executes statements on different records, 25 to a request, the requests side by side.
 *
 * @returns one outcome per id; a request that failed whole is the outcome of each of its statements
 */
export async function executeStatements(
  dynamodb: Pick<DynamoDBClient, 'send'>,
  statements: readonly RecordStatement[],
): Promise<Map<string, StatementOutcome>> {
  const chunks: RecordStatement[][] = [];
  for (let start = 0; start < statements.length; start += MAX_STATEMENTS) {
    chunks.push(statements.slice(start, start + MAX_STATEMENTS));
  }
  const outcomes = await Promise.all(chunks.map((chunk) => executeChunk(dynamodb, chunk)));
  return new Map(outcomes.flat());
}

async function executeChunk(
  dynamodb: Pick<DynamoDBClient, 'send'>,
  chunk: readonly RecordStatement[],
): Promise<(readonly [string, StatementOutcome])[]> {
  try {
    const { Responses = [] } = await dynamodb.send(
      new BatchExecuteStatementCommand({
        Statements: chunk.map(({ statement, parameters }) => ({
          Statement: statement,
          Parameters: parameters,
        })),
      }),
    );
    return chunk.map(({ id }, index) => [id, outcomeOf(Responses[index])] as const);
  } catch (error) {
    // Not swallowed: it becomes the outcome of every statement, and each caller decides what that means.
    const { name, message } = reasonOf(toError(error));
    return chunk.map(({ id }) => [id, { code: name, message }] as const);
  }
}

function outcomeOf(response: BatchStatementResponse | undefined): StatementOutcome {
  if (!response) return { code: 'NoAnswer', message: 'DynamoDB did not say what became of it' };
  const { Error: error } = response;
  return error ? { code: error.Code ?? 'Unknown', message: error.Message ?? '' } : { code: 'done' };
}

/** A statement that writes a new record; it ends with `DuplicateItem` when there is one. */
export function insertion(table: string, item: Readonly<Record<string, AttributeValue>>): RecordStatement {
  const names = Object.keys(item).map((name) => `'${name}':?`);
  return {
    id: item.id?.S ?? '',
    statement: `INSERT INTO "${table}" VALUE {${names.join(',')}}`,
    parameters: Object.values(item),
  };
}
