import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementResponse,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

import { reasonOf, toError } from '../../contracts/text/error-reason.ts';

/** Maximum statements of one request. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html */
const MAX_STATEMENTS = 25;

/** A PartiQL statement that writes the record of one event. */
export interface RecordStatement {
  readonly id: string;
  readonly statement: string;
  readonly parameters: AttributeValue[];
}

/** The outcome of one statement: `done`, or the code and message of the error. */
export type StatementOutcome =
  | { readonly code: 'done' }
  | { readonly code: string; readonly message: string };

/**
 * Executes statements on different records, 25 per request, with parallel requests.
 *
 * @returns one outcome per id. If a whole request fails, its error is the outcome of each of its statements.
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
    // The error becomes the outcome of every statement, and the caller decides what to do.
    const { name, message } = reasonOf(toError(error));
    return chunk.map(({ id }) => [id, { code: name, message }] as const);
  }
}

function outcomeOf(response: BatchStatementResponse | undefined): StatementOutcome {
  if (!response)
    return { code: 'NoAnswer', message: 'the answer of DynamoDB does not mention the statement' };
  const { Error: error } = response;
  return error ? { code: error.Code ?? 'Unknown', message: error.Message ?? '' } : { code: 'done' };
}

/** A statement that writes a new record. Its outcome is `DuplicateItem` when the record exists. */
export function insertion(table: string, item: Readonly<Record<string, AttributeValue>>): RecordStatement {
  const names = Object.keys(item).map((name) => `'${name}':?`);
  return {
    id: item.id?.S ?? '',
    statement: `INSERT INTO "${table}" VALUE {${names.join(',')}}`,
    parameters: Object.values(item),
  };
}
