import { type BusParameter, busParameterOf, NO_KEY } from '../../contracts/bus/bus-parameters.ts';
import type { OpsClients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import { readResources } from '../doctor/read-stacks.ts';
import { UnreadableError } from '../errors.ts';

/**
 * What the consumers of another account need to know of a bus: `EventBus.fromAttributes` takes it. The alarm topic is not among it: it takes
 * alarms of the account of the bus only.
 */
export interface BusAttributes {
  readonly busName: string;
  readonly topicArn: string;
  readonly topicKeyArn: string;
  readonly dataBucketName: string;
  /** Absent when the keys of S3 itself encrypt large data. */
  readonly dataKeyArn?: string;
}

type Name = Exclude<keyof BusAttributes, 'busName'>;

/** Alarms of another account cannot notify that of the bus, its archive is not replayed to another account, and none sends events for later. */
type OwnAccountOnly = 'alarmTopicArn' | 'replayFunctionArn' | 'laterQueueArn';

const OWN_ACCOUNT_ONLY: ReadonlySet<BusParameter> = new Set<OwnAccountOnly>([
  'alarmTopicArn',
  'replayFunctionArn',
  'laterQueueArn',
]);

/** The attribute that each parameter has the value of. */
const ATTRIBUTES: Readonly<Record<Exclude<BusParameter, OwnAccountOnly>, Name>> = {
  topicArn: 'topicArn',
  fifoTopicArn: 'topicArn',
  topicKeyArn: 'topicKeyArn',
  dataBucketName: 'dataBucketName',
  dataKeyArn: 'dataKeyArn',
};

/**
 * Reads what a bus has written to Systems Manager: one request for the resources of its stack, and one for each of four parameters.
 *
 * @throws UnreadableError when its stack is not here, or has not written them
 */
export async function readBus(
  clients: Pick<OpsClients, 'cloudFormation' | 'readParameter'>,
  { stackName, busPlace }: Pick<Deployment, 'stackName' | 'busPlace'>,
): Promise<BusAttributes> {
  if (busPlace !== 'here') {
    throw new UnreadableError(
      `the stack ${stackName} of the bus is not in this account and region; run this where it is deployed`,
    );
  }
  const resources = [...(await readResources(clients, { id: stackName })).values()];
  const parameters = resources.flatMap(({ type, physicalId }) => {
    const parameter = type === 'AWS::SSM::Parameter' ? busParameterOf(physicalId) : undefined;
    return parameter === undefined || isOwnAccountOnly(parameter)
      ? []
      : [{ name: ATTRIBUTES[parameter], parameter: physicalId }];
  });
  const values: Partial<Record<Name, string>> = Object.fromEntries(
    await Promise.all(
      parameters.map(async ({ name, parameter }) => [name, await clients.readParameter(parameter)] as const),
    ),
  );
  const { topicArn, topicKeyArn, dataBucketName, dataKeyArn } = values;
  if (!topicArn || !topicKeyArn || !dataBucketName) {
    throw new UnreadableError(
      `the stack ${stackName} has not written all of what a consumer elsewhere needs; deploy it again with this version`,
    );
  }
  const key = dataKeyArn === undefined || dataKeyArn.endsWith(`:key/${NO_KEY}`) ? {} : { dataKeyArn };
  return { busName: stackName, topicArn, topicKeyArn, dataBucketName, ...key };
}

function isOwnAccountOnly(parameter: BusParameter): parameter is OwnAccountOnly {
  return OWN_ACCOUNT_ONLY.has(parameter);
}
