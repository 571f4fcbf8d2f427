import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { backoffMilliseconds } from '../../aws/backoff.ts';
import type { Clock } from '../../aws/clock.ts';
import { readKnownSince } from '../replay/reach/known-since.ts';
import type { BackfillAnswer, BackfillPorts } from './backfill.ts';

const MAX_TRIES = 5;
const TIMEOUT_MS = 10_000;
const PAUSE = { first: 200, longest: 5_000 };

/** What the handler of the custom resource needs of SQS, DynamoDB and CloudFormation. */
export function createBackfillPorts({
  sqs,
  dynamodb,
  clock,
  random,
}: {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly clock: Clock;
  readonly random: () => number;
}): Pick<BackfillPorts, 'createdAt' | 'knownSince' | 'answer'> {
  return {
    createdAt: async (QueueUrl) => {
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['CreatedTimestamp'] });
      const { Attributes } = await sqs.send(command);
      return Number(Attributes?.CreatedTimestamp) * 1_000;
    },
    knownSince: (table) => readKnownSince(dynamodb, table),
    answer: async (url, answer) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await put(url, answer);
        } catch (error) {
          // S3, which keeps the answer for CloudFormation, may be busy. After the last attempt, Lambda calls the function again.
          if (attempt === MAX_TRIES) throw error;
          await clock.sleep(backoffMilliseconds(attempt, { ...PAUSE, random }));
        }
      }
    },
  };
}

/** The URL is signed for a request without a content type, so the body is sent as bytes. */
async function put(url: string, answer: BackfillAnswer): Promise<void> {
  const response = await fetch(url, {
    method: 'PUT',
    body: Buffer.from(JSON.stringify(answer)),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the answer to CloudFormation was refused with ${response.status}`);
}
