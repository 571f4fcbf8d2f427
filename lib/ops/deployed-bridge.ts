import type { Stack } from '@aws-sdk/client-cloudformation';
import { type IncompleteStack, outputsOf, stateOf, typesOf } from './deployed-consumer.ts';
import { busNameOf, ownerNameOf, tagOf } from './find-stacks.ts';

/** A bridge from EventBridge, read from the outputs of its stack. */
export interface DeployedBridge {
  /** Its name, which the events that it publishes have as their `producer`. */
  readonly name: string;
  /** The app and the stage that it belongs to, such as `shop-dev`. */
  readonly owner: string;
  /** Its name; of a bridge of another app, `<owner>/<name>`. */
  readonly label: string;
  /** Name of the stack of the bus that it publishes to, such as `shop-dev-Bus`. */
  readonly bus: string;
  readonly stackName: string;
  readonly deadLetterQueueUrl: string;
  /** Versioned types that it publishes. */
  readonly emits: readonly string[];
}

/** Bridges whose stacks have all outputs, and stacks that lack some. */
export interface ReadBridges {
  /** Sorted by label. */
  readonly bridges: readonly DeployedBridge[];
  readonly incomplete: readonly IncompleteStack[];
}

/** Reads bridges from the outputs of their stacks. @param deployment its own bridges have short labels */
export function readBridges(stacks: readonly Stack[], deployment: string): ReadBridges {
  const read = stacks.flatMap((stack) => bridgeOf(stack, deployment) ?? []);
  return {
    bridges: read.filter((one) => 'bus' in one).toSorted((a, b) => a.label.localeCompare(b.label)),
    incomplete: read.filter((one) => 'missingOutputs' in one),
  };
}

function bridgeOf(stack: Stack, deployment: string): DeployedBridge | IncompleteStack | undefined {
  const [name, owner] = [tagOf(stack, 'fanfare:bridge'), ownerNameOf(stack)];
  if (name === undefined || owner === undefined) return undefined;
  const { read, missing } = outputsOf(stack);
  const label = owner === deployment ? name : `${owner}/${name}`;
  const bridge = {
    name,
    owner,
    label,
    bus: busNameOf(stack),
    stackName: stack.StackName ?? '',
    deadLetterQueueUrl: read('DeadLetterQueueUrl'),
    emits: typesOf(read('Emits')),
  };
  return missing.length === 0
    ? bridge
    : { ...stateOf(stack), bridge: name, owner, label, missingOutputs: missing };
}
