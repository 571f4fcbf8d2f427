/** What one event uses. The numbers are measured here or come from AWS's documentation. Tests check the measured ones. */
export const USAGE = {
  /** Write units for the idempotency record: the claim and its end, or the record in a transaction, which counts twice (bench/README.md). */
  writeUnitsPerHandling: 2,
  /** Bytes of a record, with the overhead that DynamoDB adds, and the days that it is kept by default. */
  recordBytes: 550,
  recordDays: 28,
  /** SQS requests for each message: the send by SNS. */
  sendsPerMessage: 1,
  /** SQS requests for each batch: one receive and one delete. */
  requestsPerBatch: 2,
  /** Receives on an empty queue in 30 days: an event source mapping has five pollers, each with one receive every 20 seconds. */
  idleReceivesPerMonth: 648_000,
  /** Bytes of a consumer's log line for a batch, without its events, and the bytes that each event adds. */
  batchLineBytes: 420,
  eventInLineBytes: 130,
  /** Bytes of the publish function's log line for a request with one event, and of the line in the API's access log. */
  publishLineBytes: 380,
  accessLineBytes: 520,
  /** Bytes of Lambda's own lines for an invocation, START and REPORT as JSON. This is an estimate. */
  platformLineBytes: 650,
  /** Bytes that CloudWatch adds to each line. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/API_PutLogEvents.html */
  lineOverheadBytes: 26,
  /** Duration of a handler with the runtime. This is an assumption: only you know your handlers. */
  millisecondsPerInvocation: 50,
  /**
   * Batches of the archive of a standard bus in 30 days at most: each of five pollers waits five minutes for one. Each becomes an object. On a
   * FIFO bus no poller waits, so every batch of one to ten events becomes one.
   */
  archiveBatchesPerMonth: 43_200,
  /** Duration of the function of an archive for such a batch, and for the few events of a FIFO bus; and its memory. These are estimates. */
  archiveMilliseconds: 300,
  archiveFifoMilliseconds: 100,
  archiveMegabytes: 512,
  /**
   * What an event takes that is due after more than 15 minutes: it is sent by its publisher and by its schedule; received and deleted for its
   * schedule, received and kept until it is due, received and deleted. Each time its function reads whether it, or its key, is cancelled.
   */
  laterSends: 2,
  laterRequestsPerBatch: 6,
  laterInvocations: 3,
  laterReadUnits: 6,
  laterMegabytes: 256,
  /** Duration and memory of the function that reads receipts. The duration is an estimate. */
  receiptMilliseconds: 20,
  receiptMegabytes: 512,
  /** Metrics of a consumer: `ageAtProcessing`, and `failed` when something fails. `BreakerOpen` is reported only while a breaker is open. */
  metricsPerConsumer: 2,
  /** For each publisher, SNS requests a data key twice every five minutes. @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sse-estimate-kms-usage-costs */
  kmsRequestsPerPublisher: 17_280,
  /** Lambda traces one request a second and 5 % of the rest. @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html */
  secondsPerMonth: 2_592_000,
  tracedShareOfRest: 0.05,
} as const;
