import { createCancellations } from '../../../lib/later/cancellations.ts';
import { createLaterHandler } from '../../../lib/later/create-later-handler.ts';
import { createSchedules } from '../../../lib/later/schedules.ts';
import { createLaterQueue } from '../../../lib/publishing/topic/later-queue.ts';
import { createTopicPublisher } from '../../../lib/publishing/topic/topic-publisher.ts';
import { processBatch } from '../../../lib/runtime/batch/process-batch.ts';
import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import { NO_EVENT_DATA, NO_SECRETS } from '../../apps/no-event-data.ts';
import type { Invocation } from '../services/invocation.ts';
import { executeSqs } from '../services/queue-commands.ts';
import type { Receipt } from '../services/simulated-queue.ts';
import type { LaterServices } from './later-services.ts';
import { TIMEOUT_MS } from './plans.ts';
import { type QueueName, sqsRecord } from './queues.ts';
import { PLANNER, RECEIVER, type Subject } from './subjects.ts';

const QUIET = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A batch that a function is invoked with. */
export interface Batch {
  readonly queue: QueueName;
  readonly receipts: readonly Receipt[];
  readonly invocation: Invocation;
  readonly services: LaterServices;
  readonly chance: Chance;
}

/** Hands a batch to the function of its queue: that of later events, or a consumer. */
export function handleBatch(batch: Batch) {
  if (batch.queue === 'later')
    return laterHandler(batch)(
      { Records: batch.receipts.map(sqsRecord) },
      { getRemainingTimeInMillis: () => TIMEOUT_MS },
    );
  return consume(batch.queue === 'planner' ? PLANNER : RECEIVER, batch);
}

function consume({ definition, handler }: Subject, batch: Batch) {
  const { queue, receipts, invocation, services, chance } = batch;
  let tokens = 0;
  return processBatch(
    {
      definition,
      handlers: new Map([[definition.listensTo[0]?.type ?? '', handler]]),
      idempotencyTable: `records-${queue}`,
      queueUrl: queue,
      deadLetterQueueUrl: 'dead-letters',
      tables: { effects: `effects-${queue}` },
      telemetry: { loggerFor: () => QUIET, begin: () => undefined, report: () => undefined },
      ports: {
        ...portsOf(batch),
        later: createLaterQueue({
          queueUrl: 'later',
          clock: invocation.clock,
          random: chance.next,
          sendBatch: (input) =>
            invocation.request({ execute: () => services.takeLater(input.Entries ?? []) }),
        }),
        eventData: NO_EVENT_DATA,
        getSecret: NO_SECRETS,
        random: chance.next,
        newToken: () => `${invocation.name}-${tokens++}`,
      },
    },
    receipts.map(sqsRecord),
    TIMEOUT_MS,
  );
}

function laterHandler(batch: Batch) {
  const { invocation, services } = batch;
  return createLaterHandler({
    ...portsOf(batch),
    cancellations: createCancellations({
      name: 'cancellations',
      dynamodb: client(invocation, (command) => services.cancellations(command, invocation)),
    }),
    schedules: createSchedules({
      scheduler: client(invocation, (command) => services.schedules.execute(command)),
      groupName: 'group',
      roleArn: 'role',
      queueArn: 'later',
      deadLetterQueueArn: 'schedule-dead-letters',
    }),
    queueUrl: 'later',
    deadLetterQueueUrl: 'dead-letters',
    log: QUIET,
  });
}

function portsOf({ queue, receipts, invocation, services, chance }: Batch) {
  return {
    clock: invocation.clock,
    dynamodb: client<{ send: never }>(invocation, (command) =>
      services.dynamodb.execute(command, invocation),
    ),
    sqs: client<{ send: never }>(invocation, (command) =>
      executeSqs(
        {
          queue: services.queues[queue],
          receipts,
          fifo: false,
          refuses: () => services.refuses(0.03),
          onBuried: () => undefined,
          onStrangeLetter: () => undefined,
        },
        command,
      ),
    ),
    publisher: createTopicPublisher({
      sns: client(invocation, (command) => services.topic.execute(command)),
      topicArn: 'topic',
      clock: invocation.clock,
      random: chance.next,
    }),
  };
}

/** A client of a simulated service, over the network of one invocation: the ports' send is generic over commands. */
function client<Client>(invocation: Invocation, execute: (command: unknown) => unknown): Client {
  const send = (command: unknown, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) =>
    invocation.request({ execute: () => execute(command), signal: abortSignal });
  return { send } as Client;
}
