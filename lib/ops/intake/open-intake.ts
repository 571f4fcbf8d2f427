import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { createIntakeTable } from '../../intake/intake-table.ts';
import { readPolling, setPolling } from '../../intake/mapping.ts';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer, Deployment } from '../deployment.ts';
import { intakeKeyOf, requireIntake } from './deployed-intake.ts';
import type { IntakePorts, IntakeTarget } from './intake-ports.ts';

/** A consumer that can be stopped, and what it is stopped with. */
export interface OpenIntake {
  readonly ports: IntakePorts;
  readonly target: IntakeTarget;
}

/** Opens what a consumer is stopped and resumed with. @throws UnreadableError when its bus cannot, or is not here */
export async function openIntake(
  { dynamodb, sqs, lambda, aheadMs }: Pick<OpsClients, 'dynamodb' | 'sqs' | 'lambda' | 'aheadMs'>,
  deployment: Pick<Deployment, 'intakes' | 'stacks'>,
  consumer: DeployedConsumer,
): Promise<OpenIntake> {
  const { tableName, controlQueueUrl } = requireIntake(deployment, consumer);
  const [client, ahead] = await Promise.all([lambda(), aheadMs()]);
  // The controller ends the pause by the time that functions see.
  const now = () => Date.now() + ahead;
  const { functionName, label } = consumer;
  const key = intakeKeyOf(consumer);
  const ports: IntakePorts = {
    table: createIntakeTable({ dynamodb, name: tableName }),
    mapping: {
      read: () => readPolling(client, functionName),
      set: (wanted) => setPolling(client, functionName, wanted),
    },
    clock: { now, sleep: (milliseconds) => setTimeout(milliseconds) },
    announcePause:
      controlQueueUrl === undefined
        ? undefined
        : () => sqs.send(new SendMessageCommand(pauseMessage(consumer, { key, controlQueueUrl, at: now() }))),
  };
  return { ports, target: { key, label } };
}

/** The message for the controller: one message group for each consumer, and never one that counts as a repetition. */
function pauseMessage(
  { functionName, queueUrl }: DeployedConsumer,
  {
    key,
    controlQueueUrl,
    at,
  }: { readonly key: string; readonly controlQueueUrl: string; readonly at: number },
) {
  return {
    QueueUrl: controlQueueUrl,
    MessageGroupId: key,
    MessageDeduplicationId: randomUUID(),
    MessageBody: JSON.stringify({ kind: 'pause', consumer: key, functionName, queueUrl, at }),
  };
}

/** How long a queue keeps a message, in seconds: what has waited longer is deleted, paused or not. */
export async function readRetentionSeconds(
  { sqs }: Pick<OpsClients, 'sqs'>,
  QueueUrl: string,
): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['MessageRetentionPeriod'] }),
  );
  return Number(Attributes.MessageRetentionPeriod);
}
