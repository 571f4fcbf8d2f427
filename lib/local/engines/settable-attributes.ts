/** Attributes of a FIFO queue that SQS can change later. fauxqs 2.4.1 accepts them only in CreateQueue. */
const MISSING_ATTRIBUTES = ['DeduplicationScope', 'FifoThroughputLimit'] as const;

/**
 * Makes fauxqs accept these attributes in SetQueueAttributes, as SQS does. Call it before the engine listens. It may be called more than once.
 *
 * @throws Error when this version of fauxqs has no list of them
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export async function completeSettableAttributes(): Promise<void> {
  const types: object = await import(new URL('sqs/sqsTypes.js', import.meta.resolve('fauxqs')).href);
  if (!('SETTABLE_ATTRIBUTES' in types && types.SETTABLE_ATTRIBUTES instanceof Set)) {
    throw new Error(
      'this version of fauxqs has no SETTABLE_ATTRIBUTES; install the version that package.json names',
    );
  }
  for (const attribute of MISSING_ATTRIBUTES) types.SETTABLE_ATTRIBUTES.add(attribute);
}
