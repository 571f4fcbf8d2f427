/**
 * The attributes of an idempotency record that receipts are made of. The policy of the receipts function names the same ones, so that it can read
 * no others.
 */
export const RECORD_ATTRIBUTES = [
  'id',
  'status',
  'attempts',
  'startedAt',
  'failedAt',
  'leaseUntil',
  'expiresAt',
  'dead',
  'operation',
  'replay',
] as const;

/** Why the last attempt has failed. It may have customers' data, so a bus can leave it out. */
export const ERROR_ATTRIBUTE = 'error';
