import type { Stack } from '@aws-sdk/client-cloudformation';
import { emitterName } from '../../contracts/envelope/consumer-source.ts';
import { type DeployedConsumer, outputsOf } from '../deployed-consumer.ts';
import { UnreadableError } from '../errors.ts';

/** Where a bus keeps which of its consumers are stopped, read from the outputs of its stack. */
export interface DeployedIntake {
  /** Name of the stack of the bus, such as `shop-dev-Bus`. */
  readonly bus: string;
  readonly tableName: string;
  /** Queue of the controller, which ends a pause by itself. Undefined: the stack of the bus does not say it. */
  readonly controlQueueUrl?: string | undefined;
}

/** What is to be known of a consumer to find its state. */
export type IntakeConsumer = Pick<DeployedConsumer, 'name' | 'owner' | 'bus'>;

/** The output of the stack of a bus that names its table of stopped consumers. */
export const INTAKE_TABLE_OUTPUT = 'IntakeTableName';

/** The buses among these stacks that can stop a consumer. A bus of an older version cannot. */
export function readIntakeOutputs(stacks: readonly Stack[]): readonly DeployedIntake[] {
  return stacks.flatMap((stack) => {
    const { readOptional } = outputsOf(stack);
    const tableName = readOptional(INTAKE_TABLE_OUTPUT);
    if (!tableName) return [];
    return [{ bus: stack.StackName ?? '', tableName, controlQueueUrl: readOptional('ControlQueueUrl') }];
  });
}

/**
 * What a consumer is called in the table of its bus. This is not its label, which depends on the app that a command acts on: everybody has to
 * find the same item.
 */
export function intakeKeyOf({ name, owner, bus }: IntakeConsumer): string {
  return emitterName(name, owner, bus);
}

/** @throws UnreadableError when the bus of the consumer cannot stop it, or is not in this account and region */
export function requireIntake(
  { intakes, stacks }: { readonly intakes: readonly DeployedIntake[] } & KnownStacks,
  { bus, label }: Pick<DeployedConsumer, 'bus' | 'label'>,
): DeployedIntake {
  const intake = intakes.find((one) => one.bus === bus);
  if (intake) return intake;
  throw new UnreadableError(
    stacks.some(({ stackName }) => stackName === bus)
      ? `the bus ${bus} cannot stop ${label}: its stack has no output ${INTAKE_TABLE_OUTPUT}, so it is of an older version; deploy ${bus} again with this version`
      : `the bus ${bus}, which keeps who is stopped, is not in this account and region; ${label} can only be stopped by hand there: aws lambda update-event-source-mapping --no-enabled`,
  );
}

interface KnownStacks {
  readonly stacks: readonly { readonly stackName: string }[];
}
