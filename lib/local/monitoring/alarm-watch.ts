import { type AlarmOrigin, notifyTopics } from './alarm-actions.ts';
import { type AlarmState, AlarmStates, describeAlarm, type LocalAlarm } from './alarms.ts';
import { createMetricSource, type Measured } from './metrics.ts';

const INTERVAL_MS = 1_000;

/** Evaluates the alarms again and again, and publishes each change to the topics of the alarm. */
export class AlarmWatch {
  readonly metrics: ReturnType<typeof createMetricSource>;
  readonly alarms: AlarmStates;
  readonly #origin: AlarmOrigin;
  readonly #log: (line: string) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(measured: Measured, origin: AlarmOrigin, log: (line: string) => void) {
    this.#origin = origin;
    this.#log = log;
    this.metrics = createMetricSource(measured);
    this.alarms = new AlarmStates(this.metrics, (alarm, before) => this.#report(alarm, before));
  }

  start(): void {
    this.alarms.evaluate();
    this.#timer = setInterval(() => this.alarms.evaluate(), INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #report(alarm: LocalAlarm, before: AlarmState): void {
    this.#log(describeAlarm(alarm));
    notifyTopics(this.#origin, alarm, before).catch((error: unknown) =>
      // The engine is unreachable or the topic is gone. The alarm itself keeps its state and is listed.
      this.#log(`The alarm ${alarm.name} could not be published to its topic: ${String(error)}`),
    );
  }
}
