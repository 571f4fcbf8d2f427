/**
 * Replaces the SDK's event streams in the functions' bundles: SNS, SQS, DynamoDB, S3 objects and SES do not use them.
 * If a function needs event streams (Kinesis subscriptions, Bedrock), remove the line in `lib/constructs/function/bundle.ts`.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error(
      'event streams are left out of this bundle; see SUBSTITUTES in lib/constructs/function/bundle.ts',
    );
  }
}

/** @throws Error always: this bundle has no event streams */
export function eventStreamSerdeProvider(): EventStreamSerde {
  return new EventStreamSerde();
}

/** What the client of S3 does with its configuration: one of its operations has an event stream, which is not for functions. */
export function resolveEventStreamSerdeConfig<Configuration>(configuration: Configuration): Configuration {
  return configuration;
}
