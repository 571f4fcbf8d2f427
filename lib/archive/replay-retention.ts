/**
 * How long the table keeps a replay after its end. Its items have keys of objects, conditions on events, and who has started it. One that has not
 * ended stays: what is left of it can still be sent.
 */
export const REPLAY_DAYS = 90;
/** The attribute by which DynamoDB deletes an item, in epoch seconds. An item of a task that has it is not saved any more. */
export const EXPIRES_AT = 'expiresAt';
