import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { EventContract } from '../../contracts/define-event.ts';
import { clipText } from '../../contracts/text/clip-text.ts';
import { recurringInput } from '../../later/schedule-input.ts';
import type { Stage } from '../stage.ts';
import type { Later } from './later.ts';

export interface RecurringEventsProps {
  readonly events: readonly EventContract[];
  readonly later: Later;
  readonly stage: Stage;
}

/** The `source` of events that a schedule publishes, such as `/shop-prod/schedule`. */
export function scheduleSource({ app, name }: Pick<Stage, 'app' | 'name'>): string {
  return `/${app}-${name}/schedule`;
}

/** A schedule for each event whose contract has one. It sends to the queue of later events, whose function publishes the event. */
export class RecurringEvents extends Construct {
  constructor(scope: Construct, id: string, { events, later, stage }: RecurringEventsProps) {
    super(scope, id);
    for (const { type, versionedType, description, schedule } of events) {
      if (!schedule) continue;
      new CfnSchedule(this, type.replaceAll('.', ''), {
        description: clipText(`${versionedType}: ${description}`, MAX_DESCRIPTION_LENGTH),
        groupName: later.group.ref,
        scheduleExpression: schedule.expression,
        scheduleExpressionTimezone: schedule.timezone,
        flexibleTimeWindow: { mode: 'OFF' },
        state: 'ENABLED',
        target: {
          arn: later.queue.queueArn,
          roleArn: later.scheduleRole.roleArn,
          input: recurringInput({ type: versionedType, source: scheduleSource(stage), data: schedule.data }),
          deadLetterConfig: { arn: later.scheduleDeadLetterQueue.queueArn },
        },
      });
    }
  }
}

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
const MAX_DESCRIPTION_LENGTH = 512;
