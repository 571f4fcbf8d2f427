import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { OpsClients } from '../clients.ts';

/** The date header of HTTP has no milliseconds. */
const PRECISION_MS = 1_000;

/**
 * The time of SQS, whose clock sets the timestamps of messages. The clock of this machine may be wrong by minutes. If both clocks show the same
 * second, the result is exact; otherwise it is up to one second late.
 *
 * @returns epoch milliseconds
 */
export async function timeAtQueue({ sqs }: Pick<OpsClients, 'sqs'>, QueueUrl: string): Promise<number> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  let at = Number.NaN;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      at = dateOf(result.response);
      return result;
    },
    { step: 'deserialize', name: 'readDate' },
  );
  await sqs.send(command);
  const now = Date.now();
  // Answers of AWS have a date. Without one, the clock of this machine is used.
  if (Number.isNaN(at)) return now;
  const latest = at + PRECISION_MS - 1;
  return now >= at && now <= latest ? now : latest;
}

/** The date header of an answer; NaN when there is none. */
function dateOf(response: unknown): number {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return Number.NaN;
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null || !('date' in headers)) return Number.NaN;
  return Date.parse(String(headers.date));
}
