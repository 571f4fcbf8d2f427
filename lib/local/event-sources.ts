import { EventSourceMapping, type MappingConfiguration, type MappingPorts } from './event-source-mapping.ts';
import type { FunctionCounters, LocalFunction } from './functions/local-function.ts';
import { requireMappingLimits } from './mapping-limits.ts';

/** What a function behind a queue has done. */
export interface ConsumerCounts {
  readonly functionName: string;
  /** Messages that it was handed, redeliveries included. */
  readonly received: number;
  /** Messages that it reported as failed in an answer about their batch. */
  readonly reportedFailed: number;
  readonly counters: FunctionCounters;
}

/** Invocations of one consumer at once: enough to see concurrency, not so many that two cores are swamped. */
const CONCURRENCY = 2;

/** The event source mappings of this machine, by their names. */
export class EventSources {
  readonly #ports: MappingPorts;
  readonly #mappings = new Map<string, EventSourceMapping>();

  constructor(ports: MappingPorts) {
    this.#ports = ports;
  }

  /**
   * Makes a mapping, or changes it. Of another queue it is another mapping, as it is on AWS.
   *
   * @throws Error when Lambda would refuse it; what was there stays as it was
   */
  put(name: string, configuration: MappingConfiguration, target: LocalFunction): void {
    requireMappingLimits(configuration);
    const existing = this.#mappings.get(name);
    if (existing?.configuration.queueUrl === configuration.queueUrl) {
      existing.change(configuration, target);
      return;
    }
    this.remove(name);
    this.#mappings.set(name, new EventSourceMapping(this.#ports, configuration, target));
  }

  /** Ends a mapping after the batch that it is at. */
  remove(name: string): void {
    // Nobody waits for it: it ends by itself when its long poll does.
    void this.#mappings.get(name)?.stop();
    this.#mappings.delete(name);
  }

  /** Begins to poll for every mapping that does not yet, and loads the functions' bundles meanwhile. */
  start(): void {
    for (const mapping of this.#mappings.values()) {
      mapping.target.warm();
      mapping.start(CONCURRENCY);
    }
  }

  /** Waits for the batches that are being processed. */
  async stop(): Promise<void> {
    await Promise.all([...this.#mappings.values()].map((mapping) => mapping.stop()));
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
