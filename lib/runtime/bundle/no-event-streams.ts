/**
 * Takes the place of the SDK's event streams in the functions' bundles: SNS, SQS, DynamoDB, S3 objects and SES do without.
 * A function that needs them (Kinesis subscriptions, Bedrock's streams) has its line in `lib/constructs/bundle.ts` to remove.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are left out of this bundle; see SUBSTITUTES in lib/constructs/bundle.ts');
  }
}

/** @throws Error always: there are none here */
export function eventStreamSerdeProvider(): EventStreamSerde {
  return new EventStreamSerde();
}
