import { METRIC_PERIOD_MS } from '../aws-limits.ts';
import { entryOf } from '../functions/entry-of.ts';
import type { AlarmConfiguration, MetricReference } from './alarm-configuration.ts';
import { expressionOf } from './alarm-expression.ts';

/** INSUFFICIENT_DATA means that the local runner cannot evaluate the alarm, or that its evaluation failed. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** An alarm with its configuration and its state. */
export interface LocalAlarm {
  readonly name: string;
  readonly description: string;
  readonly configuration: AlarmConfiguration;
  state: AlarmState;
  since: string;
  /** Why it is in its state. */
  reason: string;
}

/** Returns the current value of a metric; undefined when nothing on this machine reports it. */
export type MetricSource = (namespace: string, name: string, dimension: string) => number | undefined;

const COMPARE: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/**
 * Evaluates alarms by current values. CloudWatch evaluates periods of minutes; here an alarm is raised at once, and is over as soon as its
 * reason is gone. An alarm on a difference stays raised for one period of the metric, as on AWS.
 */
export class AlarmStates {
  readonly #alarms = new Map<string, LocalAlarm>();
  readonly #source: MetricSource;
  readonly #onChange: (alarm: LocalAlarm, before: AlarmState) => void;
  /** For alarms on a difference: the last value, when it last rose, and by how much. */
  readonly #history = new Map<string, { value: number; roseAt: number; by: number }>();

  constructor(source: MetricSource, onChange: (alarm: LocalAlarm, before: AlarmState) => void) {
    this.#source = source;
    this.#onChange = onChange;
  }

  get alarms(): readonly LocalAlarm[] {
    return [...this.#alarms.values()];
  }

  /** Adds an alarm. If it exists, it gets the new configuration and keeps its state. */
  add(name: string, description: string, configuration: AlarmConfiguration): void {
    const fresh = { state: 'OK', since: new Date().toISOString(), reason: 'Not evaluated yet' } as const;
    const { state, since, reason } = this.#alarms.get(name) ?? fresh;
    this.#alarms.set(name, { name, description, configuration, state, since, reason });
  }

  /** Removes an alarm and its history. */
  remove(name: string): void {
    this.#alarms.delete(name);
    this.#history.delete(name);
  }

  /** Evaluates every alarm. Calls `onChange` for each alarm whose state has changed. An alarm whose evaluation fails does not affect others. */
  evaluate(): void {
    for (const alarm of this.#alarms.values()) {
      const { state, reason } = this.#tryToEvaluate(alarm);
      const before = alarm.state;
      if (state === before) continue;
      Object.assign(alarm, { state, reason, since: new Date().toISOString() });
      this.#onChange(alarm, before);
    }
  }

  #tryToEvaluate(alarm: LocalAlarm): Pick<LocalAlarm, 'state' | 'reason'> {
    try {
      return this.#evaluateOne(alarm);
    } catch (error) {
      // A template may have what only CloudWatch would refuse. The reason of the alarm's state says what is wrong.
      const why = error instanceof Error ? error.message : String(error);
      return { state: 'INSUFFICIENT_DATA', reason: `Its evaluation failed: ${why}` };
    }
  }

  #evaluateOne({ name, configuration }: LocalAlarm): Pick<LocalAlarm, 'state' | 'reason'> {
    const { ComparisonOperator = '', Threshold = 0 } = configuration;
    const exceeds = entryOf(COMPARE, ComparisonOperator);
    const expression = expressionOf(configuration);
    if (!exceeds || !expression)
      return { state: 'INSUFFICIENT_DATA', reason: 'The local runner cannot evaluate its expression' };
    const { metrics, difference } = expression;
    const values = metrics.map((metric) => this.#lookUp(metric));
    const what = metrics.map(({ MetricName }) => MetricName).join(' + ');
    if (values.every((value) => value === undefined))
      return { state: 'OK', reason: `Nothing here reports ${what}` };
    const value = values.reduce<number>((sum, one = 0) => sum + one, 0);
    const compared = difference ? this.#rise(name, value) : value;
    const reason = `${what} ${difference ? 'has risen by' : 'is'} ${compared}, the threshold is ${Threshold}`;
    return { state: exceeds(compared, Threshold) ? 'ALARM' : 'OK', reason };
  }

  #lookUp({ Namespace = '', MetricName = '', Dimensions = [] }: MetricReference): number | undefined {
    const [{ Value = '' } = {}] = Dimensions;
    return this.#source(Namespace, MetricName, Value);
  }

  /** How much the value rose in the last period. The value at the first evaluation counts as no rise. */
  #rise(name: string, value: number): number {
    const last = this.#history.get(name) ?? { value, roseAt: Number.NEGATIVE_INFINITY, by: 0 };
    const rose = value > last.value;
    const now = Date.now();
    const next = rose ? { value, roseAt: now, by: value - last.value } : { ...last, value };
    this.#history.set(name, next);
    return now - next.roseAt < METRIC_PERIOD_MS ? next.by : 0;
  }
}

/** The state of an alarm in one line for the terminal. */
export function describeAlarm({ name, state, description, reason }: LocalAlarm): string {
  const why = { ALARM: `: ${description}`, INSUFFICIENT_DATA: `: ${reason}`, OK: '' }[state];
  return `${state} ${name}${why}`;
}
