import type { Stack } from '@aws-sdk/client-cloudformation';
import { AmbiguousNameError } from './errors.ts';
import { busNameOf, ownerNameOf, tagOf } from './find-stacks.ts';

/** What a consumer is called. */
export interface ConsumerName {
  /** Its name in its own app, such as `email`. */
  readonly name: string;
  /** The app and the stage that it belongs to, such as `shop-dev`. */
  readonly owner: string;
  /**
   * What it is called in the deployment, where no two have the same: its name; of a consumer of another app, or when two apps have a
   * consumer of this name, `<owner>/<name>`.
   */
  readonly label: string;
}

/** A consumer, read from the outputs of its stack. */
export interface DeployedConsumer extends ConsumerName {
  /** Name of the stack of the bus that it listens to, such as `shop-dev-Bus`. */
  readonly bus: string;
  readonly stackName: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** Queue of the messages that SNS could not deliver. */
  readonly undeliveredQueueUrl: string;
  readonly subscriptionArn: string;
  readonly idempotencyTable: string;
  readonly functionName: string;
  /** Versioned types that it may emit. Undefined: its stack is of a version that did not say it. */
  readonly emits?: readonly string[] | undefined;
  /** No replay may repeat its effects. @default - one may */
  readonly replay?: 'refuse' | undefined;
  /** Table of its sagas, when it is a saga. */
  readonly sagaTable?: string | undefined;
}

export interface StackState {
  readonly stackName: string;
  /** CloudFormation's, such as `UPDATE_COMPLETE`. */
  readonly stackStatus: string;
}

/** A stack that lacks outputs. */
export interface IncompleteStack extends StackState {
  /** Its consumer, with `owner` and `label`; undefined for the stack of a bus or a bridge. */
  readonly consumer?: string | undefined;
  /** Its bridge, with `owner` and `label`. */
  readonly bridge?: string | undefined;
  readonly owner?: string | undefined;
  readonly label?: string | undefined;
  readonly missingOutputs: readonly string[];
}

/** Consumers whose stacks have all outputs, and stacks that lack some. */
export interface ReadConsumers {
  /** Sorted by label. */
  readonly consumers: readonly DeployedConsumer[];
  readonly incomplete: readonly IncompleteStack[];
}

/** Reads consumers from the outputs of their stacks. @param owner of the deployment: its own consumers have short labels */
export function readConsumers(stacks: readonly Stack[], owner: string): ReadConsumers {
  const named = stacks.flatMap((stack) => nameOf(stack) ?? []);
  const clashing = Map.groupBy(named, ({ name }) => name);
  const read = named.map(({ stack, ...name }) => {
    const isShort = name.owner === owner && clashing.get(name.name)?.length === 1;
    const label = isShort ? name.name : `${name.owner}/${name.name}`;
    return consumerOf(stack, { ...name, label });
  });
  return {
    consumers: read.filter((one) => 'queueUrl' in one).toSorted((a, b) => a.label.localeCompare(b.label)),
    incomplete: read.filter((one) => 'missingOutputs' in one),
  };
}

/**
 * The consumer of this name, which may have its owner before it.
 *
 * @throws AmbiguousNameError that lists them when several apps have a consumer of this name
 */
export function oneNamed<T extends ConsumerName>(consumers: readonly T[], typed: string): T | undefined {
  const [found, ...others] = consumers.filter(
    ({ name, owner }) => typed === name || typed === `${owner}/${name}`,
  );
  if (others.length === 0) return found;
  const labels = consumers.filter(({ name }) => name === typed).map(({ label }) => label);
  throw new AmbiguousNameError(
    `several apps have a consumer '${typed}' here; name one of them: ${labels.toSorted().join(', ')}`,
  );
}

function nameOf(stack: Stack) {
  const [name, owner] = [tagOf(stack, 'fanfare:consumer'), ownerNameOf(stack)];
  return name === undefined || owner === undefined ? undefined : { stack, name, owner };
}

function consumerOf(stack: Stack, name: ConsumerName): DeployedConsumer | IncompleteStack {
  const { read, readOptional, missing } = outputsOf(stack);
  const emits = readOptional('Emits');
  const consumer = {
    ...name,
    bus: busNameOf(stack),
    stackName: stack.StackName ?? '',
    queueUrl: read('QueueUrl'),
    deadLetterQueueUrl: read('DeadLetterQueueUrl'),
    undeliveredQueueUrl: read('UndeliveredQueueUrl'),
    subscriptionArn: read('SubscriptionArn'),
    idempotencyTable: read('IdempotencyTableName'),
    functionName: read('FunctionName'),
    emits: emits === undefined ? undefined : typesOf(emits),
    replay: readOptional('Replay') === 'refuse' ? ('refuse' as const) : undefined,
    sagaTable: readOptional('SagaTable'),
  };
  const { name: ofConsumer, owner, label } = name;
  return missing.length === 0
    ? consumer
    : { ...stateOf(stack), consumer: ofConsumer, owner, label, missingOutputs: missing };
}

/** Reads outputs by their keys, and notes those that the stack does not have. */
export function outputsOf({ Outputs = [] }: Pick<Stack, 'Outputs'>) {
  const missing: string[] = [];
  const readOptional = (key: string): string | undefined =>
    Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  const read = (key: string): string => {
    const value = readOptional(key);
    if (value === undefined) missing.push(key);
    return value ?? '';
  };
  return { read, readOptional, missing };
}

/** The versioned types in an output `Emits`. */
export function typesOf(emits: string): readonly string[] {
  return emits.split(', ').filter((type) => type !== 'nothing');
}

export function stateOf({ StackName = '', StackStatus }: Stack): StackState {
  return { stackName: StackName, stackStatus: StackStatus ?? '' };
}
