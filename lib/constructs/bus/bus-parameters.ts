import { ArnFormat, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import {
  type BusAddress,
  type BusParameter,
  NO_KEY,
  parameterName,
} from '../../contracts/bus/bus-parameters.ts';
import type { BusParts } from './i-event-bus.ts';

export interface BusParametersProps {
  readonly address: BusAddress;
  readonly fifo: boolean;
  readonly parts: Omit<BusParts, 'logKey' | 'replayFunctionArn'>;
  /** The function that replays its archive. @default - it has no archive */
  readonly replayFunctionArn: string | undefined;
}

/**
 * Writes what a consumer needs to know of the bus to Systems Manager, under `/fanfare/<app>/<stage>/<bus>/v1/`. Standard parameters cost
 * nothing. They hold names and ARNs, and no secret. See docs/other-repositories.md.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
 */
export class BusParameters extends Construct {
  constructor(scope: Construct, id: string, { address, fifo, parts, replayFunctionArn }: BusParametersProps) {
    super(scope, id);
    const { topic, key, dataBucket, dataKey, alarmTopic, laterQueue } = parts;
    const write = (parameter: BusParameter, stringValue: string): void => {
      new StringParameter(this, parameter, {
        parameterName: parameterName(address, parameter),
        stringValue,
      });
    };
    write(fifo ? 'fifoTopicArn' : 'topicArn', topic.topicArn);
    write('topicKeyArn', key.keyArn);
    write('dataBucketName', dataBucket.bucketName);
    write('dataKeyArn', dataKey?.keyArn ?? noKey(this));
    write('alarmTopicArn', alarmTopic.topicArn);
    write('laterQueueArn', laterQueue.queueArn);
    if (replayFunctionArn !== undefined) write('replayFunctionArn', replayFunctionArn);
  }
}

/** A parameter cannot be empty, and a policy takes only an ARN: this one is of no key. */
function noKey(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'kms',
    resource: 'key',
    resourceName: NO_KEY,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
}
