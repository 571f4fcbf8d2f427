import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';

/** The parts of a bus, as the stack of a consumer knows them. */
export interface BusParts {
  readonly topic: ITopic;
  /** Encrypts the topic. */
  readonly key: IKey;
  /** Holds data that is too large for a message. */
  readonly dataBucket: IBucket;
  /** Encrypts large data. @default - the keys of S3 itself */
  readonly dataKey: IKey | undefined;
  /** Encrypts the logs of functions. @default - the keys of CloudWatch itself */
  readonly logKey: IKey | undefined;
  readonly alarmTopic: ITopic;
  /** The function that replays its archive. @throws TypeError when it is known that it has none */
  readonly replayFunctionArn: string;
  /** Takes events that come later. @throws TypeError when it is known that a consumer cannot send there */
  readonly laterQueue: IQueue;
}

/** A bus that consumers listen to: one of this app, or of another. */
export interface IEventBus extends IConstruct {
  /** Which one it is, such as `shop-dev-Bus`: the name of its stack. */
  readonly busName: string;
  /** Whether its topic keeps the order of a message group. */
  readonly fifo: boolean;
  /** Whether functions send traces to X-Ray. */
  readonly xray: boolean;
  /** Where the alarms' descriptions say that the runbook is. */
  readonly runbookUrl: string;
  /**
   * Its parts in the stack of a construct. In the stack of the bus they are its resources. Every other stack reads them at deployment from
   * the parameters that the bus has written; nothing is exported, so the bus can change and leave on its own.
   */
  partsIn(scope: Construct): BusParts;
}
