import type { FunctionCounters, LocalFunction } from '../functions/local-function.ts';
import {
  EventSourceMapping,
  type MappingConfiguration,
  type MappingDependencies,
} from './event-source-mapping.ts';
import { requireMappingLimits } from './mapping-limits.ts';

/** What a function with a queue has processed since the start. */
export interface ConsumerCounts {
  readonly functionName: string;
  /** Number of messages that it got, with redeliveries. */
  readonly received: number;
  /** Number of messages that it returned in `batchItemFailures`. */
  readonly reportedFailed: number;
  readonly counters: FunctionCounters;
}

/** Invocations of one consumer at once: enough to test concurrency, and not too many for two cores. */
const CONCURRENCY = 2;

/** The event source mappings of this machine, by their names. */
export class EventSources {
  readonly #dependencies: MappingDependencies;
  readonly #mappings = new Map<string, EventSourceMapping>();

  constructor(dependencies: MappingDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Creates a mapping or changes its settings. If its queue changes, the mapping is replaced, as on AWS.
   *
   * @throws Error when Lambda would refuse it; then the existing mapping is not changed
   */
  put(name: string, configuration: MappingConfiguration, target: LocalFunction): void {
    requireMappingLimits(configuration);
    const existing = this.#mappings.get(name);
    if (existing?.configuration.queueUrl === configuration.queueUrl) {
      existing.change(configuration, target);
      return;
    }
    // The old queue is polled until the current long poll ends.
    void this.remove(name);
    this.#mappings.set(name, new EventSourceMapping(this.#dependencies, configuration, target));
  }

  /** Stops and removes a mapping. Resolves when its current long poll has ended, and its current batch is done. */
  async remove(name: string): Promise<void> {
    const removed = this.#mappings.get(name);
    this.#mappings.delete(name);
    await removed?.stop();
  }

  /** Starts every mapping that does not poll yet, and loads the bundles of the functions. */
  start(): void {
    for (const mapping of this.#mappings.values()) {
      mapping.target.warm();
      mapping.start(CONCURRENCY);
    }
  }

  /** Stops every mapping, and waits for the batches that are being processed. */
  async stop(): Promise<void> {
    await Promise.all([...this.#mappings.values()].map((mapping) => mapping.stop()));
  }

  /** The functions that have messages, or will have them at once. @param waitingOn number of long polls that a queue has not answered */
  busy(waitingOn: (queueUrl: string) => number): readonly string[] {
    return [...this.#mappings.values()]
      .filter((mapping) => !mapping.isIdle(waitingOn(mapping.configuration.queueUrl)))
      .map(({ target }) => target.configuration.name);
  }

  /** The functions that have a queue, each with its variables. */
  get sources(): readonly {
    readonly name: string;
    readonly queueUrl: string;
    readonly environment: Readonly<Record<string, string>>;
  }[] {
    return [...this.#mappings.values()].map(({ configuration: { queueUrl }, target }) => ({
      name: target.configuration.name,
      queueUrl,
      environment: target.configuration.environment,
    }));
  }

  get queueUrls(): readonly string[] {
    return [...this.#mappings.values()].map(({ configuration }) => configuration.queueUrl);
  }

  get consumers(): readonly ConsumerCounts[] {
    return [...this.#mappings.values()].map(({ target, received, reportedFailed }) => ({
      functionName: target.configuration.name,
      received,
      reportedFailed,
      counters: target.counters,
    }));
  }
}
