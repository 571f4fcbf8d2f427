import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementError,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

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
    return chunk.map(({ id }, index) => [id, outcomeOf(Responses[index]?.Error)] as const);
  } catch (error) {
    // Not swallowed: it becomes the outcome of every statement, and each caller decides what that means.
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return chunk.map(({ id }) => [id, { code: name, message }] as const);
  }
}

function outcomeOf(error: BatchStatementError | undefined): StatementOutcome {
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
