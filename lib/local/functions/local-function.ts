import { VirtualClock } from '../clock/virtual-clock.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import { ExecutionEnvironment, type Invocation } from './execution-environment.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import { Semaphore } from './semaphore.ts';

const MAX_FAILURES_KEPT = 1_000;
/** Execution environments of one function: enough to test concurrency, and not too many for a laptop. */
const MAX_ENVIRONMENTS = 4;

/** Counts of a function since the start. */
export interface FunctionCounters {
  invocations: number;
  errors: number;
  timeouts: number;
  /** Invocations that are not finished, with those that wait for an execution environment. */
  running: number;
  /** When the latest invocations failed, epoch milliseconds. */
  readonly failedAt: number[];
  /** Sums of the metrics that it wrote in CloudWatch's embedded metric format, by name. */
  readonly metrics: Map<string, number>;
}

export interface FunctionListener {
  /** A line that the function wrote to standard output or error. */
  line(functionName: string, line: string): void;
  failed(functionName: string, invocation: Invocation): void;
}

/** A function with its execution environments. Warm ones are used again; new ones are created when needed. */
export class LocalFunction {
  readonly counters: FunctionCounters = {
    invocations: 0,
    errors: 0,
    timeouts: 0,
    running: 0,
    failedAt: [],
    metrics: new Map(),
  };
  readonly #listener: FunctionListener;
  readonly #clock: VirtualClock;
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #environmentSlots = new Semaphore(MAX_ENVIRONMENTS);
  #idle: ExecutionEnvironment[] = [];
  #configuration: FunctionConfiguration;
  /** Increased with every replacement, so that environments with old code are not used again. */
  #generation = 0;

  /** @param clock the time that it sees. @default - the real time */
  constructor(configuration: FunctionConfiguration, listener: FunctionListener, clock = new VirtualClock()) {
    this.#clock = clock;
    this.#configuration = configuration;
    this.#listener = listener;
  }

  get configuration(): FunctionConfiguration {
    return this.#configuration;
  }

  /** A fault that is on: every event is delivered twice, at the same time. */
  deliversTwice = false;

  /** Runs the function as soon as an execution environment is free. Never rejects. */
  async invoke(event: unknown): Promise<Invocation> {
    if (this.deliversTwice) void this.#invokeOnce(event);
    return this.#invokeOnce(event);
  }

  async #invokeOnce(event: unknown): Promise<Invocation> {
    this.counters.invocations += 1;
    this.counters.running += 1;
    const invocation = await this.#environmentSlots.run(() => this.#run(event));
    this.counters.running -= 1;
    if (invocation.status !== 'succeeded') this.#countFailure(invocation);
    return invocation;
  }

  /** Creates an execution environment before the first invocation. */
  warm(): void {
    if (this.#idle.length === 0) this.#idle.push(this.#create());
  }

  /**
   * Replaces the code and the configuration. Running invocations finish with the old ones.
   *
   * @returns whether anything but the folder has changed
   */
  async replace(configuration: FunctionConfiguration): Promise<boolean> {
    const same = fingerprint(configuration) === fingerprint(this.#configuration);
    this.#configuration = configuration;
    if (same) return false;
    this.#generation += 1;
    const old = this.#idle;
    this.#idle = [];
    await Promise.all(old.map((environment) => this.#discard(environment)));
    return true;
  }

  /** A fault that is on: ends the processes that are running an invocation. */
  crash(): void {
    for (const environment of this.#all) if (!this.#idle.includes(environment)) void environment.stop();
  }

  /** Ends every execution environment, also those that are running an invocation. */
  async stop(): Promise<void> {
    await Promise.all([...this.#all].map((environment) => this.#discard(environment)));
  }

  async #run(event: unknown): Promise<Invocation> {
    const generation = this.#generation;
    const environment = this.#take();
    const invocation = await environment.invoke(event);
    if (environment.alive && generation === this.#generation) this.#idle.push(environment);
    else await this.#discard(environment);
    return invocation;
  }

  #countFailure(invocation: Invocation): void {
    this.counters.errors += 1;
    this.counters.failedAt.push(Date.now());
    if (this.counters.failedAt.length > MAX_FAILURES_KEPT) this.counters.failedAt.shift();
    if (invocation.status === 'timedOut') this.counters.timeouts += 1;
    this.#listener.failed(this.#configuration.name, invocation);
  }

  #take(): ExecutionEnvironment {
    const idle = this.#idle.pop();
    if (!idle) return this.#create();
    if (idle.alive) return idle;
    void this.#discard(idle);
    return this.#take();
  }

  #create(): ExecutionEnvironment {
    const environment = new ExecutionEnvironment(this.#configuration, {
      onLine: (line) => this.#onLine(line),
      clock: this.#clock,
    });
    this.#all.add(environment);
    return environment;
  }

  async #discard(environment: ExecutionEnvironment): Promise<void> {
    this.#all.delete(environment);
    await environment.stop();
  }

  #onLine(line: string): void {
    for (const [name, value] of embeddedMetrics(line)) {
      this.counters.metrics.set(name, (this.counters.metrics.get(name) ?? 0) + value);
    }
    this.#listener.line(this.#configuration.name, line);
  }
}

function fingerprint({ directory: _, ...configuration }: FunctionConfiguration): string {
  return JSON.stringify(configuration);
}
