import { archiveOf } from '../archive/open-archive.ts';
import type { OpsClients } from '../clients.ts';
import type { ConsumerName, IncompleteStack } from '../deployed-consumer.ts';
import { type Deployment, lackOf } from '../deployment.ts';
import { ownerName } from '../find-stacks.ts';
import { readIntakes } from '../intake/read-intakes.ts';
import type { ShownIntake } from '../intake/shown-intake.ts';
import { attempt, type Problem } from '../problem.ts';
import { type OpenReplay, readOpenReplays, troubleOfReplays } from '../replay/open-ends.ts';
import { type QueueMetrics, readQueueMetrics } from './queue-metrics.ts';
import { readAlarms } from './read-alarms.ts';
import { type ArchiveStatus, readArchive } from './read-archive.ts';
import { type ConsumerReading, readConsumer, UNKNOWN } from './read-consumer.ts';
import { type LaterReading, readLater } from './read-later.ts';
import { type Trouble, troubleOf } from './trouble.ts';

/** The current state of a consumer. A value that could not be read is null, and is named in `problems`. */
export interface ConsumerStatus extends ConsumerReading, ConsumerName {
  /** Status of its stack, such as `UPDATE_COMPLETE`. */
  readonly stackStatus: string;
  /** Age of the oldest message that waits or is in flight. Null also when there is none, or when CloudWatch has not reported it yet. */
  readonly oldestAgeSeconds: number | null;
  /** In the latest minute that CloudWatch reports; null also when it reports none. */
  readonly sentPerMinute: number | null;
  readonly deletedPerMinute: number | null;
  /** Names of the alarms that are on. */
  readonly alarms: readonly string[] | null;
  /** Whether it takes messages. Null also when its bus cannot stop it, because it is of an older version or in another account. */
  readonly intake: ShownIntake | null;
  readonly trouble: readonly Trouble[];
}

/** The current state of the bus. */
export interface BusStatus {
  readonly stackName: string;
  /** The app and the stage that it belongs to, such as `shop-dev`; null when its stack is not here. */
  readonly owner: string | null;
  /** Null when its stack is not here. */
  readonly stackStatus: string | null;
  /** Names of the alarms that are on and belong to no consumer; null when they could not be read. */
  readonly alarms: readonly string[] | null;
  readonly trouble: readonly Trouble[];
  readonly problems: readonly Problem[];
  /** Null when it is off, or the stack of the bus is not here. */
  readonly archive: ArchiveStatus | null;
}

export interface Status {
  /** When the last value was read, ISO 8601. */
  readonly at: string;
  readonly app: string;
  readonly stage: string;
  readonly bus: BusStatus;
  /** Sorted by label. */
  readonly consumers: readonly ConsumerStatus[];
  /** Those that have not ended, the latest first; null when they could not be read. */
  readonly replays: readonly OpenReplay[] | null;
  /** Parts that could not be read for any consumer, such as the alarms. */
  readonly problems: readonly Problem[];
}

/**
 * Reads every queue, subscription and alarm of a deployment: four requests for each consumer, four for the archive, two for later events, and
 * three for all. SQS counts messages approximately. A part that cannot be read is named in `problems`, and the other parts are still read.
 */
export async function readStatus(clients: OpsClients, deployment: Deployment): Promise<Status> {
  const { consumers, incomplete, app, stage } = deployment;
  const withoutName = (resource: string) => ({ resource, name: '' });
  const archive = archiveOf(deployment);
  const [alarms, metrics, replays, intakes, archived, later, each] = await Promise.all([
    attempt(withoutName('alarms'), readAlarms(clients, deployment)),
    attempt(withoutName('metrics of the queues'), readQueueMetrics(clients, consumers)),
    attempt(withoutName('replays'), readOpenReplays(clients, deployment)),
    readIntakes(clients, deployment.intakes),
    archive && readArchive(clients, archive),
    deployment.scheduled && readLater(clients, deployment.scheduled),
    Promise.all(consumers.map((consumer) => readConsumer(clients, consumer))),
  ]);
  const alarmsOf = (stackName: string) => alarms.value && (alarms.value.get(stackName) ?? []);
  const complete = consumers.map((consumer, index) =>
    withTrouble({
      ...(each[index] ?? UNKNOWN),
      name: consumer.name,
      owner: consumer.owner,
      label: consumer.label,
      stackStatus: statusOf(deployment, consumer.stackName),
      metrics: metrics.value?.get(consumer.label),
      alarms: alarmsOf(consumer.stackName),
      intake: intakes.of(consumer),
    }),
  );
  const others = incomplete.flatMap((stack) =>
    stack.consumer === undefined
      ? []
      : withTrouble({
          ...UNKNOWN,
          name: stack.consumer,
          owner: stack.owner ?? '',
          label: stack.label ?? stack.consumer,
          stackStatus: stack.stackStatus,
          metrics: undefined,
          alarms: alarmsOf(stack.stackName),
          intake: null,
          problems: [problemOf(stack)],
        }),
  );
  return {
    at: new Date().toISOString(),
    app,
    stage,
    bus: busOf(deployment, alarmsOf(deployment.stackName), {
      archive: archived?.archive ?? null,
      trouble: [
        ...(archived?.trouble ?? []),
        ...(later?.trouble ?? []),
        ...troubleOfReplays(replays.value ?? [], Date.now()),
      ],
      problems: [...(archived?.problems ?? []), ...(later?.problems ?? [])],
    }),
    consumers: [...complete, ...others].toSorted((a, b) => a.label.localeCompare(b.label)),
    replays: replays.value,
    problems: [...alarms.problems, ...metrics.problems, ...replays.problems, ...intakes.problems],
  };
}

interface Gathered
  extends ConsumerReading,
    ConsumerName,
    Pick<ConsumerStatus, 'stackStatus' | 'alarms' | 'intake'> {
  readonly metrics: QueueMetrics | undefined;
}

function withTrouble({ metrics, ...gathered }: Gathered): ConsumerStatus {
  const isEmpty = gathered.waiting === 0 && gathered.inFlight === 0;
  const observed = {
    ...gathered,
    // CloudWatch is some minutes late. An empty queue has no oldest message, also when CloudWatch still reports one.
    oldestAgeSeconds: isEmpty ? null : (metrics?.oldestAgeSeconds ?? null),
    sentPerMinute: metrics?.sentPerMinute ?? null,
    deletedPerMinute: metrics?.deletedPerMinute ?? null,
  };
  return { ...observed, trouble: troubleOf({ ...observed, stalledMinutes: metrics?.stalledMinutes ?? 0 }) };
}

function busOf(
  deployment: Deployment,
  alarms: readonly string[] | null,
  read: LaterReading & Pick<BusStatus, 'archive'>,
): BusStatus {
  const { stackName, incomplete, busOwner, busPlace } = deployment;
  const isHere = busPlace === 'here';
  return {
    stackName,
    owner: busOwner ? ownerName(busOwner) : null,
    stackStatus: isHere ? statusOf(deployment, stackName) : null,
    alarms: isHere ? alarms : null,
    trouble: [
      ...(busPlace === 'gone' ? [GONE] : []),
      ...(alarms ?? []).map((name) => ({ kind: 'alarm' as const, detail: `alarm ${name} is on` })),
      ...read.trouble,
    ],
    problems: [
      ...incomplete.filter((stack) => stack.stackName === stackName).map(problemOf),
      ...read.problems,
    ],
    archive: read.archive,
  };
}

const GONE: Trouble = { kind: 'missing', detail: 'its stack does not exist, and its consumers are left' };

function statusOf({ stacks }: Deployment, stackName: string): string {
  return stacks.find((stack) => stack.stackName === stackName)?.stackStatus ?? '';
}

function problemOf(stack: IncompleteStack): Problem {
  return { resource: 'stack', name: stack.stackName, missing: false, reason: lackOf(stack) };
}
