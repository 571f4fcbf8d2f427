import { GetTemplateCommand, paginateListStackResources, type Stack } from '@aws-sdk/client-cloudformation';
import type { OpsClients } from '../clients.ts';
import { type DeploymentName, findStacks } from '../find-stacks.ts';
import type { Template } from './read-assembly.ts';

/** A resource of a deployed stack. */
export interface DeployedResource {
  readonly type: string;
  readonly physicalId: string;
}

/** A deployed stack. */
export interface DeployedStack {
  readonly stackName: string;
  /** Its ARN. */
  readonly id: string;
  /** Such as `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** Values of its parameters. Of one that names a parameter of Systems Manager, it is that value at the last deployment. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
}

/** The stacks of a deployment. */
export interface DeployedStacks {
  /** Those of the app itself. */
  readonly own: readonly DeployedStack[];
  /** Consumers of other apps that listen to a bus of this one. */
  readonly listeners: readonly DeployedStack[];
  /** Name of the stack of its bus, which may be of another app. */
  readonly busName: string;
  /** Undefined when it is not in this account and region. */
  readonly bus: DeployedStack | undefined;
}

/**
 * Finds the stacks of a deployment by their tags.
 *
 * @throws UnknownNameError when there is no deployment of this name
 * @throws UnreadableError when the stacks cannot be read
 */
export async function readStacks(
  clients: Pick<OpsClients, 'cloudFormation'>,
  name: DeploymentName,
): Promise<DeployedStacks> {
  const { own, listeners, busName, bus } = await findStacks(clients, name);
  return {
    own: own.map(describe),
    listeners: listeners.map(describe),
    busName,
    bus: bus && describe(bus),
  };
}

/** Reads the resources of a stack, by logical id. */
export async function readResources(
  { cloudFormation }: Pick<OpsClients, 'cloudFormation'>,
  { id }: Pick<DeployedStack, 'id'>,
): Promise<ReadonlyMap<string, DeployedResource>> {
  const resources = new Map<string, DeployedResource>();
  const pages = paginateListStackResources({ client: cloudFormation }, { StackName: id });
  for await (const { StackResourceSummaries = [] } of pages) {
    for (const {
      LogicalResourceId = '',
      PhysicalResourceId,
      ResourceType = '',
      ResourceStatus,
    } of StackResourceSummaries) {
      if (PhysicalResourceId === undefined || ResourceStatus === 'DELETE_COMPLETE') continue;
      resources.set(LogicalResourceId, { type: ResourceType, physicalId: PhysicalResourceId });
    }
  }
  return resources;
}

/** Reads the template of a stack. The CDK writes templates as JSON. */
export async function readTemplate(
  { cloudFormation }: Pick<OpsClients, 'cloudFormation'>,
  { id }: Pick<DeployedStack, 'id'>,
): Promise<Template> {
  const command = new GetTemplateCommand({ StackName: id, TemplateStage: 'Original' });
  return JSON.parse((await cloudFormation.send(command)).TemplateBody ?? '{}');
}

function describe(stack: Stack): DeployedStack {
  const { StackName = '', StackId = '', StackStatus = '', Tags = [], Outputs = [], Parameters = [] } = stack;
  return {
    stackName: StackName,
    id: StackId,
    status: StackStatus,
    tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    outputs: Object.fromEntries(
      Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    ),
    parameters: Object.fromEntries(
      Parameters.map(({ ParameterKey = '', ParameterValue = '', ResolvedValue = ParameterValue }) => [
        ParameterKey,
        ResolvedValue,
      ]),
    ),
    terminationProtection: stack.EnableTerminationProtection ?? false,
  };
}
