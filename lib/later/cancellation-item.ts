/** Name of the partition key of the table of cancellations: `<owner>|<key>`, or the identity of an event. */
export const CANCELLATION_KEY = 'id';
/** Epoch seconds at which DynamoDB may delete an item. */
export const CANCELLATION_TTL = 'expiresAt';
