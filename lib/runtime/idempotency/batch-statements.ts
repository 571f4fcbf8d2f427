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
 * @param signal ends the requests
 * @returns one outcome per id, as soon as its own request is answered: a request without an answer must not hold up the others. If a whole
 * request fails, its error is the outcome of each of its statements.
 */
export function executeStatements(
  dynamodb: Pick<DynamoDBClient, 'send'>,
  statements: readonly RecordStatement[],
  signal?: AbortSignal,
): ReadonlyMap<string, Promise<StatementOutcome>> {
  const outcomes = new Map<string, Promise<StatementOutcome>>();
  for (let start = 0; start < statements.length; start += MAX_STATEMENTS) {
    const chunk = statements.slice(start, start + MAX_STATEMENTS);
    const answer = executeChunk(dynamodb, chunk, signal);
    for (const [index, { id }] of chunk.entries())
      outcomes.set(
        id,
        answer.then((outcomeAt) => outcomeAt(index)),
      );
  }
  return outcomes;
}

/** @returns the outcomes, by the positions of the statements */
async function executeChunk(
  dynamodb: Pick<DynamoDBClient, 'send'>,
  chunk: readonly RecordStatement[],
  signal: AbortSignal | undefined,
): Promise<(index: number) => StatementOutcome> {
  const Statements = chunk.map(({ statement, parameters }) => ({
    Statement: statement,
    Parameters: parameters,
  }));
  try {
    const command = new BatchExecuteStatementCommand({ Statements });
    const { Responses = [] } = await dynamodb.send(command, { abortSignal: signal });
    return (index) => outcomeOf(Responses[index]);
  } catch (error) {
    // The error becomes the outcome of every statement, and the caller decides what to do.
    const { name, message } = reasonOf(toError(error));
    return () => ({ code: name, message });
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
