import { createHash } from 'node:crypto';

/** Characters of the name of a Lambda durable execution at most. Step Functions takes 80. @see https://docs.aws.amazon.com/lambda/latest/api/API_Execution.html */
const MAX_CHARACTERS = 64;
const HASH_CHARACTERS = 32;
const MAX_PREFIX = MAX_CHARACTERS - HASH_CHARACTERS - 1;

/**
 * The name of the long work that an event starts: the same in each attempt, and another for every other event, consumer, deployment and replay
 * that repeats effects. It has letters, digits and dashes, and at most 64 characters.
 *
 * @param table name of the idempotency table: names of executions are unique in an account, and stages may share one
 * @param key of the event's record
 */
export function executionName(consumer: string, table: string, key: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([table, key]))
    .digest('hex');
  return `${consumer.slice(0, MAX_PREFIX)}-${hash.slice(0, HASH_CHARACTERS)}`;
}
