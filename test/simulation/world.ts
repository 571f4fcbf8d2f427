import { type Chance, createChance } from '../../lib/testing/simulation/chance.ts';
import { judgePublication } from './checks/publication.ts';
import { judgeChange } from './checks/record-watch.ts';
import { TurnLog } from './checks/turn-log.ts';
import { type History, Ledger } from './ledger.ts';
import { Poller } from './polling.ts';
import type { ItemChange } from './services/dynamodb/simulated-dynamodb.ts';
import { SimulatedDynamoDB } from './services/dynamodb/simulated-dynamodb.ts';
import type { Invocation, Troubles } from './services/invocation.ts';
import { Scheduler } from './services/scheduler.ts';
import { type Sent, SimulatedQueue } from './services/simulated-queue.ts';
import { SimulatedTopic } from './services/simulated-topic.ts';
import type { Batch, SimulatedConsumer } from './simulated-consumer.ts';
import { type ConsumerName, first, type Kind, POLLERS, second } from './stories/app.ts';
import { AT_REST_MS, DAY, START, TROUBLE_MS } from './stories/moments.ts';
import { planReplays, type ReplayPlan } from './stories/replays.ts';
import type { Stage } from './stories/scene.ts';
import { chooseScript } from './stories/script.ts';
import { CALM, chooseSettings, type Settings } from './stories/settings.ts';
import { askedBody, buildTrace } from './stories/timeline.ts';

const END_MS = 80 * DAY;
const VISIBILITY_TIMEOUT_MS = 60_000;
/** SQS's own count is the backstop: nothing should ever come near it. */
const MAX_RECEIVE_COUNT = 100;
const ENOUGH_VIOLATIONS = 5;
/** So what chance says of replays has nothing to do with what it says of the rest. */
const REPLAY_SEED = 0x7265706c;
/** How long SNS is silent: longer than any function waits. */
const SILENCE_MS = 30_000;

/** Everything that one seed decides: two consumers in a chain, a topic between them, and what goes wrong. */
export class World implements Stage {
  readonly chance: Chance;
  readonly settings: Settings;
  readonly replays: ReplayPlan;
  readonly scheduler = new Scheduler(START);
  readonly ledger = new Ledger();
  readonly turns = new TurnLog();
  /** Batches in the hands of an invocation whose end is not known yet. */
  readonly openBatches = new Set<Batch>();
  readonly dynamodb: SimulatedDynamoDB<Invocation>;
  readonly topic: SimulatedTopic;
  readonly consumers: Readonly<Record<ConsumerName, SimulatedConsumer>>;
  readonly #pollers: Record<ConsumerName, Poller[]> = { first: [], second: [] };
  #names = 0;

  constructor(seed: number) {
    this.chance = createChance(seed);
    this.settings = chooseSettings(this.chance);
    this.replays = planReplays(createChance(seed + REPLAY_SEED), this.settings.weeks);
    const { chance, settings } = this;
    this.dynamodb = new SimulatedDynamoDB({
      now: this.now,
      throttles: () => this.isTroubled() && chance.happens(settings.throttling),
      holds: () => chance.between(5, 40),
      onChange: (change) => this.#onChange(change),
    });
    this.topic = new SimulatedTopic({
      fifo: settings.fifo,
      refuses: () => this.isTroubled() && chance.happens(settings.refusing.sns),
      takes: () => (this.#isSilent() ? chance.between(1_000, SILENCE_MS) : 0),
      deliver: (sent, event) => {
        judgePublication(this, event);
        this.send('second', sent);
      },
    });
    this.consumers = {
      first: { name: 'first', definition: first(this.#kindOf('first')), queue: this.#createQueue('first') },
      second: {
        name: 'second',
        definition: second(this.#kindOf('second')),
        queue: this.#createQueue('second'),
      },
    };
    for (const name of ['first', 'second'] as const)
      this.#pollers[name] = Array.from({ length: POLLERS }, () => new Poller(this, this.consumers[name]));
  }

  readonly now = (): number => this.scheduler.now;
  readonly isTroubled = (): boolean => this.scheduler.now < START + TROUBLE_MS;

  get troubles(): Troubles {
    return this.isTroubled() ? this.settings.troubles : CALM;
  }

  /** Whether the record of an event says that it is done; one whose time is over says nothing. */
  readonly isDone = ({ consumer, identity }: History): boolean => {
    const record = this.dynamodb.items(`records-${consumer}`).get(identity);
    return /^COM/.test(record?.status?.S ?? '') && Number(record?.expiresAt?.N) * 1000 > this.now();
  };

  newInvocationName(): string {
    return `i${this.#names++}`;
  }

  newToken(invocation: Invocation): string {
    return `${invocation.name}-${this.#names++}`;
  }

  /** Whether nothing can make an event wait but the rate limit. An early clock sees the slots of others later. */
  isCalm(invocation: Invocation): boolean {
    const { maxSkewMs, culprits, silence } = this.settings;
    if (invocation.startedAt < START + AT_REST_MS || maxSkewMs > 0 || culprits) return false;
    // An event whose outbox waits for a silent topic keeps those behind it in its message group, also after the trouble.
    if (silence > 0) return false;
    // A handler that takes its time keeps those behind it in its message group.
    return this.ledger.runs.every((run) => run.invocation !== invocation || run.script.fate !== 'late');
  }

  /** Sends a message to a consumer's queue. */
  send(name: ConsumerName, sent: Sent): void {
    this.historyOf(name, sent);
    this.consumers[name].queue.send(sent);
  }

  /** The history of an event with a consumer, which begins when the event is sent for the first time. */
  historyOf(name: ConsumerName, { identity, groupId }: Pick<Sent, 'identity' | 'groupId'>): History {
    const choose = () => chooseScript(this.chance, this.settings, name);
    return this.ledger.open(name, identity, groupId, choose);
  }

  /** The text of an event as an archive has it; undefined when it was not published yet. */
  bodyOf(name: ConsumerName, identity: string): string | undefined {
    if (name === 'second') return this.topic.published.get(identity);
    const history = this.ledger.history(name, identity);
    return history && askedBody(history);
  }

  /** Whether so much has gone wrong that the end of the story tells no more. */
  get isOver(): boolean {
    return this.ledger.violations.length >= ENOUGH_VIOLATIONS;
  }

  /** Lets the story happen, until nothing moves any more. */
  async run(): Promise<void> {
    buildTrace(this);
    await this.scheduler.run(START + END_MS, () => this.isOver);
  }

  #kindOf(name: ConsumerName): Kind {
    const kind = this.settings.kinds[name];
    return this.replays.refusing.has(name) ? { ...kind, replay: 'refuse' } : kind;
  }

  #createQueue(name: ConsumerName): SimulatedQueue {
    return new SimulatedQueue({
      chance: this.chance,
      now: this.now,
      visibilityTimeoutMs: VISIBILITY_TIMEOUT_MS,
      maxReceiveCount: MAX_RECEIVE_COUNT,
      fifo: this.settings.fifo,
      duplicates: () => (this.settings.fifo ? 0 : this.isTroubled() ? 0.1 : 0.03),
      onSent: (sent) => this.#onSent(name, sent),
    });
  }

  /** SNS is silent longer than other trouble lasts, so that it is seen alone too. */
  #isSilent(): boolean {
    return this.scheduler.now < START + 2 * AT_REST_MS && this.chance.happens(this.settings.silence);
  }

  #onSent(name: ConsumerName, sent: Sent): void {
    const history = this.historyOf(name, sent);
    const { waiting } = this.consumers[name].queue;
    if (waiting.some(({ identity }) => identity === sent.identity)) history.doubled = true;
    history.sentAt.push(this.now());
    for (const poller of this.#pollers[name]) poller.wake();
  }

  #onChange(change: ItemChange<Invocation>): void {
    judgeChange(this, change);
  }
}
