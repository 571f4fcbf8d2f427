/** Which bus it is. */
export interface BusAddress {
  /** The app that the bus belongs to. */
  readonly app: string;
  /** Name of the stage of that app. */
  readonly stage: string;
  /** Name of the bus in the app. @default Bus */
  readonly name?: string | undefined;
}

/** The name of the bus that the command line, the console and the local runner look at. */
export const FIRST_BUS = 'Bus';

/**
 * Version of what a bus writes for others. It is a part of the names of the parameters, so a stack that was made for another version finds
 * nothing, and CloudFormation refuses it before it changes anything. A change that only adds a parameter keeps the version.
 */
const FORMAT = 'v1';

/** What a bus writes for others: the last part of the name of each parameter. */
export const BUS_PARAMETERS = {
  topicArn: 'topic-arn',
  /** In place of `topic-arn`: a consumer must know whether the topic keeps an order, for its queues have to be of the same kind. */
  fifoTopicArn: 'fifo-topic-arn',
  topicKeyArn: 'topic-key-arn',
  dataBucketName: 'data-bucket-name',
  dataKeyArn: 'data-key-arn',
  alarmTopicArn: 'alarm-topic-arn',
  /** Only of a bus with an archive, and only read by consumers that start with archived events. */
  replayFunctionArn: 'replay-function-arn',
  /** Only read by consumers that emit events for later. */
  laterQueueArn: 'later-queue-arn',
} as const;

export type BusParameter = keyof typeof BUS_PARAMETERS;

const PARAMETERS = [
  'topicArn',
  'fifoTopicArn',
  'topicKeyArn',
  'dataBucketName',
  'dataKeyArn',
  'alarmTopicArn',
  'replayFunctionArn',
  'laterQueueArn',
] as const satisfies readonly BusParameter[];

/** The names of all parameters of buses begin with it, of every format. */
export const BUS_PARAMETERS_PATH = '/fanfare/';

/** The last part of the ARN of a key that a bus without a key of its own writes: a parameter cannot be empty. */
export const NO_KEY = 'none';

/** Name of a parameter in Systems Manager, such as `/fanfare/shop/dev/Bus/v1/topic-arn`. */
export function parameterName({ app, stage, name = FIRST_BUS }: BusAddress, parameter: BusParameter): string {
  return `${BUS_PARAMETERS_PATH}${app}/${stage}/${name}/${FORMAT}/${BUS_PARAMETERS[parameter]}`;
}

/** Which parameter of a bus has this name; undefined when it is none, or one of another format. */
export function busParameterOf(name: string): BusParameter | undefined {
  const [format, last] = name.split('/').slice(-2);
  if (!name.startsWith(BUS_PARAMETERS_PATH) || format !== FORMAT) return undefined;
  return PARAMETERS.find((parameter) => BUS_PARAMETERS[parameter] === last);
}
