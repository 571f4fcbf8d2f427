import { Stack } from 'aws-cdk-lib';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { BusParameter } from '../../../contracts/bus/bus-parameters.ts';
import type { BusParts } from '../i-event-bus.ts';

export interface ImportedPartsProps {
  readonly fifo: boolean;
  /** Whether large data is encrypted by a key of the account of the bus. */
  readonly hasDataKey: boolean;
  /** Whether that key encrypts the logs of consumers too. Its policy allows only those of the app of the bus. */
  readonly logsWithDataKey: boolean;
  /** The value of one of the parameters of the bus, in the stack of `scope`. */
  readonly valueOf: (parameter: BusParameter, scope: Construct) => string;
}

/** The parts of a bus in another stack. Each is read only when it is used: a template must not have a parameter that nothing refers to. */
export class ImportedParts extends Construct implements BusParts {
  readonly #props: ImportedPartsProps;
  #topic: ITopic | undefined;
  #key: IKey | undefined;
  #dataBucket: IBucket | undefined;
  #dataKey: IKey | undefined;
  #alarmTopic: ITopic | undefined;
  #replayFunctionArn: string | undefined;
  #laterQueue: IQueue | undefined;

  constructor(scope: Construct, id: string, props: ImportedPartsProps) {
    super(scope, id);
    this.#props = props;
  }

  /** The same parts for every construct of a stack. */
  static of(scope: Construct, busName: string, props: ImportedPartsProps): ImportedParts {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild(busName);
    return existing instanceof ImportedParts ? existing : new ImportedParts(stack, busName, props);
  }

  get topic(): ITopic {
    const parameter = this.#props.fifo ? 'fifoTopicArn' : 'topicArn';
    this.#topic ??= Topic.fromTopicArn(this, 'Topic', this.#read(parameter));
    return this.#topic;
  }

  get key(): IKey {
    this.#key ??= Key.fromKeyArn(this, 'Key', this.#read('topicKeyArn'));
    return this.#key;
  }

  get dataBucket(): IBucket {
    this.#dataBucket ??= Bucket.fromBucketName(this, 'Data', this.#read('dataBucketName'));
    return this.#dataBucket;
  }

  get dataKey(): IKey | undefined {
    if (!this.#props.hasDataKey) return undefined;
    this.#dataKey ??= Key.fromKeyArn(this, 'DataKey', this.#read('dataKeyArn'));
    return this.#dataKey;
  }

  get logKey(): IKey | undefined {
    return this.#props.logsWithDataKey ? this.dataKey : undefined;
  }

  get alarmTopic(): ITopic {
    this.#alarmTopic ??= Topic.fromTopicArn(this, 'Alarms', this.#read('alarmTopicArn'));
    return this.#alarmTopic;
  }

  get replayFunctionArn(): string {
    this.#replayFunctionArn ??= this.#read('replayFunctionArn');
    return this.#replayFunctionArn;
  }

  get laterQueue(): IQueue {
    this.#laterQueue ??= Queue.fromQueueArn(this, 'LaterQueue', this.#read('laterQueueArn'));
    return this.#laterQueue;
  }

  #read(parameter: BusParameter): string {
    return this.#props.valueOf(parameter, this);
  }
}
