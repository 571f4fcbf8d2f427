/** A schedule as a request or a template describes it. @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
export interface ScheduleSettings {
  readonly Name: string;
  readonly GroupName: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  /** Epoch seconds. */
  readonly StartDate?: number;
  /** Epoch seconds. */
  readonly EndDate?: number;
  readonly Description?: string;
  readonly State: 'ENABLED' | 'DISABLED';
  readonly KmsKeyArn?: string;
  readonly FlexibleTimeWindow: {
    readonly Mode: 'OFF' | 'FLEXIBLE';
    readonly MaximumWindowInMinutes?: number;
  };
  readonly ActionAfterCompletion: 'NONE' | 'DELETE';
  readonly Target: ScheduleTarget;
}

export interface ScheduleTarget {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: {
    readonly MaximumEventAgeInSeconds?: number;
    readonly MaximumRetryAttempts?: number;
  };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
}

/** A schedule on this machine. Times are epoch milliseconds. */
export interface KeptSchedule {
  readonly arn: string;
  readonly settings: ScheduleSettings;
  /** Of the request that created it: the same request again creates nothing. */
  readonly clientToken?: string;
  readonly createdAt: number;
  readonly changedAt: number;
  /** When it was due first. */
  readonly firstAt?: number;
  /** When it is due next; missing when it is completed. */
  readonly dueAt?: number;
}

/** A group of schedules. Times are epoch milliseconds. */
export interface KeptGroup {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
}

/** The group of a schedule that names none. It always exists. */
export const DEFAULT_GROUP = 'default';
