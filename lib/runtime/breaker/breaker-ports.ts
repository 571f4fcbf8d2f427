import { createHash } from 'node:crypto';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { TripMessage } from '../../intake/control-message.ts';
import { INTAKE_KEY, type IntakeState, readIntakeState } from '../../intake/intake-state.ts';
import { withinTime } from '../deadline.ts';
import type { Ports } from '../dependencies.ts';

/** Where the breaker of a consumer asks and tells. */
export interface BreakerPlaces {
  /** What the consumer is called in the deployment. */
  readonly consumer: string;
  readonly functionName: string;
  readonly queueUrl: string;
  readonly controlQueueUrl: string;
  readonly intakeTable: string;
}

/** The two requests of a breaker. Neither is made while handlers succeed. Both have to end at `until`, epoch milliseconds. */
export interface BreakerPorts {
  /** Undefined when the intake was never stopped. */
  readState(until: number): Promise<IntakeState | undefined>;
  sendTrip(message: TripMessage, until: number): Promise<void>;
}

export function createBreakerPorts(
  { dynamodb, sqs, clock }: Pick<Ports, 'dynamodb' | 'sqs' | 'clock'>,
  { consumer, intakeTable, controlQueueUrl }: BreakerPlaces,
): BreakerPorts {
  return {
    readState: async (until) => {
      const command = new GetItemCommand({
        TableName: intakeTable,
        Key: { [INTAKE_KEY]: { S: consumer } },
        ConsistentRead: true,
      });
      const { Item } = await withinTime(
        clock,
        until,
        (abortSignal) => dynamodb.send(command, { abortSignal }),
        'the state of the intake',
      );
      return Item && readIntakeState(Item);
    },
    sendTrip: async (message, until) => {
      const command = new SendMessageCommand({
        QueueUrl: controlQueueUrl,
        MessageBody: JSON.stringify(message),
        MessageGroupId: consumer,
        // All instances that trip over the same state are one message.
        MessageDeduplicationId: createHash('sha256').update(`${consumer} ${message.version}`).digest('hex'),
      });
      await withinTime(
        clock,
        until,
        (abortSignal) => sqs.send(command, { abortSignal }),
        'the control queue',
      );
    },
  };
}
