import type { Stack } from '@aws-sdk/client-cloudformation';
import { suggest } from '../contracts/text/nearest-name.ts';
import type { OpsClients } from './clients.ts';
import { type DeployedArchive, readArchives } from './deployed-archive.ts';
import { type DeployedBridge, readBridges } from './deployed-bridge.ts';
import {
  type ConsumerName,
  type DeployedConsumer,
  type IncompleteStack,
  oneNamed,
  outputsOf,
  type ReadConsumers,
  readConsumers,
  type StackState,
  stateOf,
} from './deployed-consumer.ts';
import { UnknownNameError, UnreadableError } from './errors.ts';
import {
  type DeploymentName,
  type FoundStacks,
  findStacks,
  type Owner,
  ownerName,
  ownerOf,
} from './find-stacks.ts';
import { type DeployedIntake, readIntakeOutputs } from './intake/deployed-intake.ts';
import { type DeployedReplays, readReplayOutputs } from './replay/deployed-replays.ts';
import {
  type DeployedLater,
  type DeployedSchedules,
  readLaterOutputs,
  readScheduleOutputs,
} from './scheduled/deployed-schedules.ts';

export type { DeployedConsumer, IncompleteStack } from './deployed-consumer.ts';

/** A deployment: the consumers of one bus, of all apps; or the consumers of one app, which listen to the bus of another one. */
export interface Deployment extends ReadConsumers {
  readonly app: string;
  readonly stage: string;
  /** The app and the stage, such as `shop-dev`. */
  readonly owner: string;
  /** Name of the stack of the bus. */
  readonly stackName: string;
  /** The app and the stage that the bus belongs to; undefined when its stack is not here. */
  readonly busOwner: Owner | undefined;
  /**
   * Where the stack of the bus is. `elsewhere` is another account: then only the topic is known, by the subscriptions of the consumers.
   * `gone`: the topic is of this account, but the stack does not exist.
   */
  readonly busPlace: 'here' | 'elsewhere' | 'gone';
  /** Empty when the stack of the bus has no such output, or is not here. */
  readonly apiUrl: string;
  /** Empty when the stack of the bus has no such output: see `incomplete`. */
  readonly topicArn: string;
  /** Empty when the stack of the bus has no such output, or is not here. */
  readonly alarmTopicArn: string;
  /** Undefined when the bus has no archive, or its stack is not here. */
  readonly replays?: DeployedReplays | undefined;
  /** Undefined when the stack of the bus is of a version that kept no events for later, or is not here. */
  readonly scheduled?: DeployedSchedules | undefined;
  /** Bucket of large data and of the archive. Undefined when the stack of the bus does not say it, or is not here. */
  readonly dataBucketName?: string | undefined;
  /** All stacks of the app, of the consumers and bridges of other apps, and of the bus. */
  readonly stacks: readonly StackState[];
  /** Bridges from EventBridge, of the app and to its buses; sorted by label. */
  readonly bridges: readonly DeployedBridge[];
  /** Of the buses of the app, and of the bus that it listens to; without those whose archive is off. */
  readonly archives: readonly DeployedArchive[];
  /** Of the buses that can stop a consumer: those of the app, and the bus that it listens to. */
  readonly intakes: readonly DeployedIntake[];
  /** Of the buses that keep events for later: those of the app, and the bus that it listens to. */
  readonly laters: readonly DeployedLater[];
  /** Names of the stacks of the app itself with termination protection. */
  readonly protectedStacks: readonly string[];
}

/**
 * Finds a deployment by the tags of its stacks, and reads it from their outputs: one request for every hundred stacks of the
 * account and region. A stack that says too little is listed as `incomplete`, and ends nothing else.
 *
 * @throws UnknownNameError when there is none; it names the deployments that there are
 * @throws AmbiguousNameError when no app is named, and several have this stage
 * @throws UnreadableError when the stacks cannot be read
 */
export async function readDeployment(
  clients: Pick<OpsClients, 'cloudFormation'>,
  name: DeploymentName,
): Promise<Deployment> {
  const found = await findStacks(clients, name);
  const { app, stage, own, listeners, bus } = found;
  const owner = ownerName(found);
  const { consumers, incomplete } = readConsumers([...own, ...listeners], owner);
  const { bridges, incomplete: ofBridges } = readBridges([...own, ...listeners], owner);
  const described = bus ? readBus(bus) : describeBusElsewhere(found, consumers);
  const stacks = new Set([...own, ...listeners, ...(bus ? [bus] : [])]);
  return {
    app,
    stage,
    owner,
    stackName: found.busName,
    ...described,
    stacks: [...stacks].map(stateOf),
    protectedStacks: own.flatMap(({ StackName, EnableTerminationProtection }) =>
      EnableTerminationProtection && StackName !== undefined ? [StackName] : [],
    ),
    consumers,
    bridges,
    archives: readArchives([...stacks]),
    intakes: readIntakeOutputs([...stacks]),
    laters: readLaterOutputs([...stacks]),
    incomplete: [...described.incomplete, ...incomplete, ...ofBridges],
  };
}

/**
 * @throws UnknownNameError that lists the consumers when there is none of that name
 * @throws AmbiguousNameError that lists them when several apps have one of that name
 * @throws UnreadableError when its stack says too little
 */
export function consumerNamed({ consumers, incomplete }: ReadConsumers, typed: string): DeployedConsumer {
  const halves = incomplete.flatMap((stack): (ConsumerName & { readonly stack: IncompleteStack })[] => {
    const { consumer: name, owner, label } = stack;
    return name === undefined || owner === undefined || label === undefined
      ? []
      : [{ name, owner, label, stack }];
  });
  const found = oneNamed([...consumers, ...halves], typed);
  if (found && 'stack' in found) throw tooLittle(found.stack);
  if (found) return found;
  const labels = [...consumers, ...halves].map(({ label }) => label);
  throw new UnknownNameError(`there is no consumer '${typed}'${suggest(typed, labels.toSorted())}`);
}

/** @throws UnreadableError when too little is known of the bus to listen to it */
export function requireBus({ stackName, incomplete, busPlace, topicArn }: Deployment): void {
  const bus = incomplete.find((stack) => stack.stackName === stackName);
  if (bus) throw tooLittle(bus);
  if (busPlace === 'gone')
    throw new UnreadableError(`the bus ${stackName} is gone: its stack does not exist`);
  if (topicArn !== '') return;
  throw new UnreadableError(
    `the stack ${stackName} of the bus is not in this account and region, and no consumer says what its topic is`,
  );
}

/** Says which outputs a stack lacks, and what to do. */
export function lackOf({ stackStatus, missingOutputs }: IncompleteStack): string {
  const remedy = stackStatus.endsWith('_IN_PROGRESS') ? 'wait for CloudFormation' : 'deploy it again';
  return `it is ${stackStatus} and has no output ${missingOutputs.join(', ')}; ${remedy}`;
}

function tooLittle(stack: IncompleteStack): UnreadableError {
  return new UnreadableError(`the stack ${stack.stackName} says too little: ${lackOf(stack)}`);
}

type DescribedBus = Pick<
  Deployment,
  | 'busOwner'
  | 'busPlace'
  | 'apiUrl'
  | 'topicArn'
  | 'alarmTopicArn'
  | 'dataBucketName'
  | 'replays'
  | 'scheduled'
  | 'incomplete'
>;

function readBus(bus: Stack): DescribedBus {
  const { read, readOptional, missing } = outputsOf(bus);
  return {
    busOwner: ownerOf(bus),
    busPlace: 'here',
    apiUrl: read('ApiUrl'),
    topicArn: read('TopicArn'),
    alarmTopicArn: read('AlarmTopicArn'),
    replays: readReplayOutputs(bus),
    scheduled: readScheduleOutputs(bus),
    dataBucketName: readOptional('DataBucketName'),
    incomplete: missing.length > 0 ? [{ ...stateOf(bus), missingOutputs: missing }] : [],
  };
}

/** What the consumers know of a bus whose stack is in another account, or gone. */
function describeBusElsewhere(
  { own, busName }: Pick<FoundStacks, 'own' | 'busName'>,
  consumers: readonly DeployedConsumer[],
): DescribedBus {
  const subscription = consumers.find(({ bus }) => bus === busName)?.subscriptionArn ?? '';
  // The ARN of a subscription is that of its topic, and an id.
  const topicArn = subscription.slice(0, Math.max(0, subscription.lastIndexOf(':')));
  const isHere = own.some(({ StackId = '' }) => locationOf(StackId) === locationOf(topicArn));
  return {
    busOwner: undefined,
    busPlace: isHere && topicArn !== '' ? 'gone' : 'elsewhere',
    apiUrl: '',
    topicArn,
    alarmTopicArn: '',
    incomplete: [],
  };
}

/** The region and the account of an ARN. */
function locationOf(arn: string): string {
  return arn.split(':').slice(3, 5).join(':');
}
