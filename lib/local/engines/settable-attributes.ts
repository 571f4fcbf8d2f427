/** What SQS lets a FIFO queue change after it was made, and fauxqs 2.4.1 takes on creation only. */
const FORGOTTEN = ['DeduplicationScope', 'FifoThroughputLimit'] as const;

/**
 * Makes fauxqs take these attributes in SetQueueAttributes, as SQS does. Call it before the engine takes requests; once
 * is enough for the whole process, and more does no harm.
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
  for (const attribute of FORGOTTEN) types.SETTABLE_ATTRIBUTES.add(attribute);
}
