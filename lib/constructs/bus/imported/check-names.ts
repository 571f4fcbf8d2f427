import { Token } from 'aws-cdk-lib';
import type { BusAddress } from '../../../contracts/bus/bus-parameters.ts';
import { Stage } from '../../stage.ts';

/** What each attribute of a bus has to look like, and what it is called. */
const ATTRIBUTES = {
  busName: [/^[a-z][a-z0-9]*-[a-z0-9-]+-[A-Z][A-Za-z0-9]*$/, 'name of a bus, such as shop-dev-Bus'],
  topicArn: [/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/, 'ARN of a topic'],
  topicKeyArn: [/^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/, 'ARN of a key (an alias is none)'],
  dataBucketName: [/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'name of a bucket'],
  dataKeyArn: [/^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/, 'ARN of a key (an alias is none)'],
  alarmTopicArn: [/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]{1,256}$/, 'ARN of a topic'],
} as const;

/** Names of the parts of a bus. */
interface PartNames {
  readonly topicArn: string;
  readonly topicKeyArn: string;
}

/** A bus is named as its stack: its name is the last part of that. */
const BUS = /^[A-Z][A-Za-z0-9]*$/;

/**
 * Refuses what can be no bus. A value that is known only at deployment passes.
 *
 * @throws TypeError naming the attribute, and how to get the right one
 */
export function checkAttributes(props: PartNames): void {
  for (const [name, [pattern, kind]] of Object.entries(ATTRIBUTES)) {
    const value: unknown = Object.entries(props).find(([key]) => key === name)?.[1];
    if (value === undefined && (name === 'dataKeyArn' || name === 'alarmTopicArn')) continue;
    if (Token.isUnresolved(value) || (typeof value === 'string' && pattern.test(value))) continue;
    throw new TypeError(
      `${name} of the bus is ${JSON.stringify(value)}, which is no ${kind}; print the right one with: npx fanfare bus --json`,
    );
  }
  const [topic, key] = [props.topicArn, props.topicKeyArn].map(placeOf);
  if (topic !== key && !Token.isUnresolved(props.topicArn) && !Token.isUnresolved(props.topicKeyArn)) {
    throw new TypeError(
      `topicArn of the bus is of ${topic}, and topicKeyArn of ${key}; a bus is in one account and region`,
    );
  }
}

/** @throws TypeError when no bus can have this app, stage or name */
export function checkAddress({ app, stage, name }: BusAddress): void {
  new Stage({ app, name: stage });
  if (name === undefined || BUS.test(name)) return;
  throw new TypeError(
    `bus '${name}' can be no part of the name of a stack; it is one word with a capital, such as Ledger`,
  );
}

function placeOf(arn: string): string {
  return arn.split(':').slice(3, 5).join(' ');
}
