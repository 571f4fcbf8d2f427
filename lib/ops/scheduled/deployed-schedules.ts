import type { Stack } from '@aws-sdk/client-cloudformation';
import { outputsOf } from '../deployed-consumer.ts';
import { UnreadableError } from '../errors.ts';

/** What keeps the events of a bus that come later, read from the outputs of the stack of the bus. */
export interface DeployedSchedules {
  /** The group of EventBridge Scheduler that has the schedules of the bus, and no others. */
  readonly groupName: string;
  /** The queue of what is due within 15 minutes, and of cancellations. */
  readonly queueUrl: string;
  /** What of that queue could not be published. */
  readonly deadLetterQueueUrl: string;
  /** What EventBridge Scheduler could not send to that queue. */
  readonly undeliveredQueueUrl: string;
}

/** The same of one of several buses. */
export interface DeployedLater extends DeployedSchedules {
  /** Name of the stack of the bus. */
  readonly bus: string;
}

/** The buses among these stacks that keep events for later. */
export function readLaterOutputs(stacks: readonly Stack[]): readonly DeployedLater[] {
  return stacks.flatMap((stack) => {
    const schedules = readScheduleOutputs(stack);
    return schedules ? [{ ...schedules, bus: stack.StackName ?? '' }] : [];
  });
}

/** Reads what keeps the events that come later; undefined when the stack is of a version that had none. */
export function readScheduleOutputs(bus: Pick<Stack, 'Outputs'>): DeployedSchedules | undefined {
  const { read, missing } = outputsOf(bus);
  const schedules = {
    groupName: read('ScheduleGroupName'),
    queueUrl: read('LaterQueueUrl'),
    deadLetterQueueUrl: read('LaterDeadLetterQueueUrl'),
    undeliveredQueueUrl: read('ScheduleDeadLetterQueueUrl'),
  };
  return missing.length === 0 ? schedules : undefined;
}

/** What is known of a bus. */
interface BusOfSchedules {
  readonly scheduled?: DeployedSchedules | undefined;
  readonly busPlace: 'here' | 'elsewhere' | 'gone';
  readonly stackName: string;
}

/** @throws UnreadableError when the bus has none, or is not in this account and region */
export function requireSchedules({ scheduled, busPlace, stackName }: BusOfSchedules): DeployedSchedules {
  if (scheduled) return scheduled;
  throw new UnreadableError(
    busPlace === 'here'
      ? `the bus ${stackName} keeps no events for later: it was deployed by an older version; deploy it again`
      : `the bus ${stackName} is not in this account and region: events for later are kept where the bus is`,
  );
}
