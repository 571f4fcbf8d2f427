/** A metric in a template. */
export interface MetricReference {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

/** The properties of AWS::CloudWatch::Alarm that are used here. */
export interface AlarmConfiguration extends MetricReference {
  readonly Threshold?: number;
  readonly ComparisonOperator?: string;
  /** @default true */
  readonly ActionsEnabled?: boolean;
  /** ARNs of the actions when the state becomes ALARM. The next two are for OK and INSUFFICIENT_DATA. */
  readonly AlarmActions?: readonly string[];
  readonly OKActions?: readonly string[];
  readonly InsufficientDataActions?: readonly string[];
  readonly Metrics?: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly ReturnData?: boolean;
    readonly MetricStat?: { readonly Metric?: MetricReference };
  }[];
}
