import type { Invocation } from './services/invocation.ts';
import type { ConsumerName } from './stories/app.ts';
import type { Script } from './stories/script.ts';

/** One run of a handler. */
export interface Run {
  readonly number: number;
  readonly consumer: ConsumerName;
  readonly identity: string;
  readonly script: Script;
  readonly invocation: Invocation;
  readonly beganAt: number;
  /** Whether a transaction of this run has had its effect. */
  committed: boolean;
  ended?: 'returned' | 'threw';
  endedAt?: number;
}

/** A dead letter that a consumer has sent. */
export interface Burial {
  readonly at: number;
  readonly messageId: string;
  readonly reason: Readonly<Record<string, string>>;
  /** How many runs, interruptions and ended processes there had been until then. */
  readonly runs: number;
  readonly interruptions: number;
  readonly killers: number;
}

/** What is known of one event with one consumer, or of what one replay repeats of it. */
export interface History {
  readonly consumer: ConsumerName;
  /** `<source>|<id>`, or what a replay repeats of it. */
  readonly identity: string;
  readonly script: Script;
  readonly groupId: string | undefined;
  readonly runs: Run[];
  /** Simulated times at which messages with it were sent. */
  readonly sentAt: number[];
  /** Runs that had their effect in DynamoDB, and when. */
  readonly effects: { readonly run: number; readonly at: number }[];
  /** Runs that had their effect outside of it. */
  readonly mails: { readonly run: Run; readonly at: number }[];
  /** Reasons with which it was given up. */
  readonly burials: Burial[];
  /** When its record was written as done: once, and again when it was handled anew after the record's time was over. */
  readonly doneAt: number[];
  /** Deliveries whose invocation did not come to its end: it died, stood still, or left the record behind. */
  interruptions: number;
  /** For those of them whose process an event of the same batch has ended: the id of its message. */
  readonly killers: string[];
  /** Times that its message was handed out while it was in flight. */
  repeats: number;
  /** Whether two messages with it were in the queue at once. */
  doubled: boolean;
}

/** What happens in a simulation, written down as it happens, for the checks to judge. */
export class Ledger {
  readonly runs: Run[] = [];
  /** What must never be, in words, noted at the moment at which it was. */
  readonly violations: string[] = [];
  readonly #histories = new Map<string, History>();

  get histories(): Iterable<History> {
    return this.#histories.values();
  }

  history(consumer: ConsumerName, identity: string): History | undefined {
    return this.#histories.get(`${consumer} ${identity}`);
  }

  /** Begins the history of an event, unless it has one. */
  open(consumer: ConsumerName, identity: string, groupId: string | undefined, choose: () => Script): History {
    const known = this.history(consumer, identity);
    if (known) return known;
    const history: History = {
      consumer,
      identity,
      script: choose(),
      groupId,
      runs: [],
      sentAt: [],
      effects: [],
      mails: [],
      burials: [],
      doneAt: [],
      interruptions: 0,
      killers: [],
      repeats: 0,
      doubled: false,
    };
    this.#histories.set(`${consumer} ${identity}`, history);
    return history;
  }

  begin({ consumer, identity, script, runs }: History, invocation: Invocation, beganAt: number): Run {
    const run = {
      number: this.runs.length,
      consumer,
      identity,
      script,
      invocation,
      beganAt,
      committed: false,
    };
    this.runs.push(run);
    runs.push(run);
    return run;
  }

  violate(violation: string): void {
    this.violations.push(violation);
  }
}
