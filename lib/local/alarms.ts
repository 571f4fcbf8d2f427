import { expressionOf } from './alarm-expression.ts';
import { entryOf } from './entry-of.ts';

/** An alarm as the template describes it, and how it stands. */
export interface LocalAlarm {
  readonly name: string;
  readonly description: string;
  readonly configuration: AlarmConfiguration;
  /** INSUFFICIENT_DATA: this machine does not know how to evaluate it. */
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  since: string;
  /** Why it is in its state. */
  reason: string;
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
    readonly ReturnData?: boolean;
    readonly MetricStat?: { readonly Metric?: MetricReference };
  }[];
}

/** Looks a metric's present value up; undefined when nothing on this machine reports it. */
export type MetricSource = (namespace: string, name: string, dimension: string) => number | undefined;

const COMPARE: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
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
  readonly #alarms = new Map<string, LocalAlarm>();
  readonly #source: MetricSource;
  readonly #onChange: (alarm: LocalAlarm) => void;
  /** For alarms over a difference: the last value, when it last rose, and by how much. */
  readonly #history = new Map<string, { value: number; roseAt: number; by: number }>();

  constructor(source: MetricSource, onChange: (alarm: LocalAlarm) => void) {
    this.#source = source;
    this.#onChange = onChange;
  }

  get alarms(): readonly LocalAlarm[] {
    return [...this.#alarms.values()];
  }

  /** Adds an alarm, or gives one that is there another configuration; it keeps its state. */
  add(name: string, description: string, configuration: AlarmConfiguration): void {
    const fresh = { state: 'OK', since: new Date().toISOString(), reason: 'Not evaluated yet' } as const;
    const { state, since, reason } = this.#alarms.get(name) ?? fresh;
    this.#alarms.set(name, { name, description, configuration, state, since, reason });
  }

  /** Looks at every alarm's metric; tells of each whose state has changed. */
  evaluate(): void {
    for (const alarm of this.#alarms.values()) {
      const { state, reason } = this.#judge(alarm);
      if (state === alarm.state) continue;
      Object.assign(alarm, { state, reason, since: new Date().toISOString() });
      this.#onChange(alarm);
    }
  }

  #judge({ name, configuration }: LocalAlarm): Pick<LocalAlarm, 'state' | 'reason'> {
    const { ComparisonOperator = '', Threshold = 0 } = configuration;
    const exceeds = entryOf(COMPARE, ComparisonOperator);
    const expression = expressionOf(configuration);
    if (!exceeds || !expression)
      return { state: 'INSUFFICIENT_DATA', reason: 'The local runner does not know its expression' };
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

  /** What was there when the alarm was first looked at has not risen. */
  #rise(name: string, value: number): number {
    const last = this.#history.get(name) ?? { value, roseAt: Number.NEGATIVE_INFINITY, by: 0 };
    const rose = value > last.value;
    const now = Date.now();
    const next = rose ? { value, roseAt: now, by: value - last.value } : { ...last, value };
    this.#history.set(name, next);
    return now - next.roseAt < DIFFERENCE_HOLDS_MS ? next.by : 0;
  }
}

/** One line for a person to read. */
export function describeAlarm({ name, state, description, reason }: LocalAlarm): string {
  const why = { ALARM: `: ${description}`, INSUFFICIENT_DATA: `: ${reason}`, OK: '' }[state];
  return `${state} ${name}${why}`;
}
