/** An alarm as the template describes it, and how it stands. */
export interface LocalAlarm {
  readonly name: string;
  readonly description: string;
  readonly configuration: AlarmConfiguration;
  state: 'OK' | 'ALARM';
  since: string;
}

interface MetricReference {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

/** The properties of AWS::CloudWatch::Alarm that are looked at. */
export interface AlarmConfiguration extends MetricReference {
  readonly Threshold?: number;
  readonly ComparisonOperator?: string;
  readonly Metrics?: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly MetricStat?: { readonly Metric?: MetricReference };
  }[];
}

/** Looks a metric's present value up; undefined when nothing on this machine reports it. */
export type MetricSource = (namespace: string, name: string, dimension: string) => number | undefined;

const EXCEEDS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** How long an alarm over a difference stays up: on AWS it is one period of the metric. */
const DIFFERENCE_HOLDS_MS = 60_000;

/**
 * Evaluates alarms over what this machine knows. It looks at the present, every second, where CloudWatch looks at
 * periods of minutes: an alarm goes up at once, and down again as soon as its reason is gone.
 */
export class AlarmBoard {
  readonly alarms: LocalAlarm[] = [];
  readonly #source: MetricSource;
  readonly #onChange: (alarm: LocalAlarm) => void;
  /** For alarms over a difference: the last value, and when it last rose. */
  readonly #history = new Map<LocalAlarm, { value: number; roseAt: number }>();

  constructor(source: MetricSource, onChange: (alarm: LocalAlarm) => void) {
    this.#source = source;
    this.#onChange = onChange;
  }

  add(name: string, description: string, configuration: AlarmConfiguration): void {
    const since = new Date().toISOString();
    const existing = this.alarms.findIndex((alarm) => alarm.name === name);
    if (existing >= 0) this.alarms.splice(existing, 1);
    this.alarms.push({ name, description, configuration, state: 'OK', since });
  }

  evaluate(): void {
    for (const alarm of this.alarms) {
      const state = this.#exceeds(alarm) ? 'ALARM' : 'OK';
      if (state === alarm.state) continue;
      alarm.state = state;
      alarm.since = new Date().toISOString();
      this.#onChange(alarm);
    }
  }

  #exceeds(alarm: LocalAlarm): boolean {
    const { ComparisonOperator = '', Threshold = 0, Metrics } = alarm.configuration;
    const metric = Metrics?.find(({ MetricStat }) => MetricStat)?.MetricStat?.Metric ?? alarm.configuration;
    const value = this.#source(
      metric.Namespace ?? '',
      metric.MetricName ?? '',
      metric.Dimensions?.[0]?.Value ?? '',
    );
    if (value === undefined) return false;
    const difference = Metrics?.some(({ Expression = '' }) => /\b(DIFF|RATE)\b/.test(Expression)) ?? false;
    const compared = difference ? this.#rise(alarm, value) : value;
    return EXCEEDS[ComparisonOperator]?.(compared, Threshold) ?? false;
  }

  #rise(alarm: LocalAlarm, value: number): number {
    const last = this.#history.get(alarm) ?? { value: 0, roseAt: Number.NEGATIVE_INFINITY };
    const roseAt = value > last.value ? Date.now() : last.roseAt;
    this.#history.set(alarm, { value, roseAt });
    return Date.now() - roseAt < DIFFERENCE_HOLDS_MS ? 1 : 0;
  }
}
