/**
 * List prices of us-east-1 in US dollars, without free tiers, each with its page. Prices in other regions, and today's prices, may differ by
 * some per cent.
 */
export const PRICES = {
  /** Per request, of 512 KB each. @see https://aws.amazon.com/api-gateway/pricing/ */
  httpApiRequest: 1 / 1e6,
  /** Per publish of 64 KB; deliveries to SQS are free. @see https://aws.amazon.com/sns/pricing/ */
  snsPublish: 0.5 / 1e6,
  /** Per request to a standard queue, of 64 KB each. @see https://aws.amazon.com/sqs/pricing/ */
  sqsRequest: 0.4 / 1e6,
  /** Per invocation of a schedule; 14 million in a month are free. @see https://aws.amazon.com/eventbridge/pricing/ */
  schedulerInvocation: 1 / 1e6,
  /** Per object that is written to S3, in Standard and in Intelligent-Tiering. @see https://aws.amazon.com/s3/pricing/ */
  s3Put: 0.005 / 1e3,
  /** Per request to a FIFO queue, of 64 KB each. @see https://aws.amazon.com/sqs/pricing/ */
  sqsFifoRequest: 0.5 / 1e6,
  /** Per GET of an object. @see https://aws.amazon.com/s3/pricing/ */
  s3Get: 0.4 / 1e6,
  /** Per listing of 1,000 keys. @see https://aws.amazon.com/s3/pricing/ */
  s3List: 5 / 1e6,
  /** Per write unit on demand, 1 KB. @see https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamodbWriteUnit: 0.625 / 1e6,
  /** Per read unit on demand, 4 KB, strongly consistent. @see https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamodbReadUnit: 0.125 / 1e6,
  /** Per GB and month. @see https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamodbGigabyteMonth: 0.25,
  /** Per invocation. @see https://aws.amazon.com/lambda/pricing/ */
  lambdaRequest: 0.2 / 1e6,
  /** Per GB and second on arm64. @see https://aws.amazon.com/lambda/pricing/ */
  lambdaGigabyteSecond: 0.0000133334,
  /** Per GB that is ingested. @see https://aws.amazon.com/cloudwatch/pricing/ */
  logGigabyte: 0.5,
  /** Per month, for each metric that an alarm evaluates. @see https://aws.amazon.com/cloudwatch/pricing/ */
  alarmMetric: 0.1,
  /** Per metric and month, by the hours in which it is reported. @see https://aws.amazon.com/cloudwatch/pricing/ */
  customMetric: 0.3,
  /** Per dashboard and month. @see https://aws.amazon.com/cloudwatch/pricing/ */
  dashboard: 3,
  /** Per key and month; each of the first two yearly rotations costs the same again. @see https://aws.amazon.com/kms/pricing/ */
  kmsKey: 1,
  /** Per request. @see https://aws.amazon.com/kms/pricing/ */
  kmsRequest: 0.03 / 1e4,
  /** Per trace that is recorded. @see https://aws.amazon.com/xray/pricing/ */
  xrayTrace: 5 / 1e6,
} as const;
