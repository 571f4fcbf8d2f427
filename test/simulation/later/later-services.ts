import { BatchGetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { readLaterMessage } from '../../../lib/later/later-message.ts';
import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import { SimulatedDynamoDB } from '../services/dynamodb/simulated-dynamodb.ts';
import type { Invocation } from '../services/invocation.ts';
import type { Scheduler } from '../services/scheduler.ts';
import { SimulatedQueue } from '../services/simulated-queue.ts';
import { SimulatedTopic } from '../services/simulated-topic.ts';
import type { QueueName } from './queues.ts';
import { SimulatedSchedules } from './simulated-schedules.ts';

const VISIBILITY_MS = 60_000;

export interface LaterServicesProps {
  readonly chance: Chance;
  readonly time: Scheduler;
  /** Whether services refuse some requests now, and deliver some messages twice. */
  readonly isTroubled: () => boolean;
  /** Something was sent to a queue, where it is hidden for so long. */
  readonly onSent: (queue: QueueName, delayMs: number) => void;
}

/** What AWS does in the story of later events, and what it has seen. */
export class LaterServices {
  /** When and what the topic has taken. */
  readonly published: { readonly at: number; readonly event: Envelope }[] = [];
  /** Every event that has come to the queue of later events, with its key. */
  readonly sent = new Map<string, { readonly event: Envelope; readonly key: string | undefined }>();
  /** When a cancellation was known, and up to which time it holds. */
  readonly cancelled = new Map<string, { readonly until: number; readonly knownAt: number }[]>();
  /** How often the receiver has had its effect, by the id of the event. */
  readonly effects = new Map<string, number>();
  readonly queues: Readonly<Record<QueueName, SimulatedQueue>>;
  readonly dynamodb: SimulatedDynamoDB<Invocation>;
  readonly schedules: SimulatedSchedules;
  readonly topic: SimulatedTopic;
  readonly #props: LaterServicesProps;

  constructor(props: LaterServicesProps) {
    this.#props = props;
    const { chance, time } = props;
    this.dynamodb = new SimulatedDynamoDB({
      now: () => time.now,
      throttles: () => this.refuses(0.03),
      holds: () => chance.between(5, 40),
      onChange: ({ table, key }) => {
        if (table === 'effects-receiver') this.effects.set(key, (this.effects.get(key) ?? 0) + 1);
      },
    });
    this.queues = {
      planner: this.#queue('planner'),
      later: this.#queue('later'),
      receiver: this.#queue('receiver'),
    };
    this.schedules = new SimulatedSchedules({ chance, time, send: (input) => this.#sendLater(input, 0) });
    this.topic = new SimulatedTopic({
      fifo: false,
      refuses: () => this.refuses(0.05),
      takes: () => 0,
      deliver: ({ body, identity }, event) => {
        this.published.push({ at: time.now, event });
        this.queues.receiver.send({ body, identity });
      },
    });
  }

  /** Whether a request is refused. @param probability while there is trouble */
  refuses(probability: number): boolean {
    return this.#props.isTroubled() && this.#props.chance.happens(probability);
  }

  #queue(name: QueueName): SimulatedQueue {
    const { chance, time, isTroubled, onSent } = this.#props;
    return new SimulatedQueue({
      chance,
      now: () => time.now,
      visibilityTimeoutMs: VISIBILITY_MS,
      maxReceiveCount: 1_000,
      fifo: false,
      duplicates: () => (isTroubled() ? 0.02 : 0),
      onSent: ({ delaySeconds = 0 }) => onSent(name, delaySeconds * 1_000),
    });
  }

  #sendLater(body: string, delaySeconds: number): void {
    const message = readLaterMessage(body);
    if ('event' in message) this.sent.set(message.event.id, { event: message.event, key: message.key });
    this.queues.later.send({ body, identity: body, delaySeconds });
  }

  /** Answers SendMessageBatch of the queue of later events. */
  takeLater(
    entries: readonly {
      Id: string | undefined;
      MessageBody: string | undefined;
      DelaySeconds?: number | undefined;
    }[],
  ) {
    const refused = new Set(entries.filter(() => this.refuses(0.05)));
    for (const entry of entries)
      if (!refused.has(entry)) this.#sendLater(entry.MessageBody ?? '', entry.DelaySeconds ?? 0);
    const answer = (all: typeof entries) =>
      all.map(({ Id }) => ({ Id, MessageId: 'm', MD5OfMessageBody: '' }));
    return {
      Successful: answer(entries.filter((entry) => !refused.has(entry))),
      Failed: [...refused].map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })),
    };
  }

  /** Answers what is asked of the table of cancellations. */
  cancellations(command: unknown, by: Invocation): unknown {
    if (command instanceof BatchGetItemCommand) {
      const keys = command.input.RequestItems?.cancellations?.Keys ?? [];
      const items = this.dynamodb.items('cancellations');
      return {
        Responses: {
          cancellations: keys.map(({ id }) => items.get(id?.S ?? '')).filter((item) => item !== undefined),
        },
      };
    }
    const answer = this.dynamodb.execute(command, by);
    if (command instanceof UpdateItemCommand) {
      const id = command.input.Key?.id?.S ?? '';
      const until = Number(command.input.ExpressionAttributeValues?.[':at']?.N);
      this.cancelled.set(id, [...(this.cancelled.get(id) ?? []), { until, knownAt: this.#props.time.now }]);
    }
    return answer;
  }
}
