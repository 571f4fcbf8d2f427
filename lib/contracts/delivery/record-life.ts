/**
 * The least `idempotencyDays` of a consumer: as long as a message can live in a queue and its dead-letter queue. Nothing is deployed with less,
 * so every record has lived for as long, whatever the definition said when it was written.
 */
export const MIN_IDEMPOTENCY_DAYS = 21;
