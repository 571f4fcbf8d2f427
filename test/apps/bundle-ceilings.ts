/**
 * Bytes that each bundle may have. What a function imports is its cold start: raise a number only with a reason.
 *
 * Version 0.5.0 has added 15,300 bytes to what all consumers share: 7,700 for the breaker, which has to know of each failure what it means; 5,500
 * for events that come later, most of it `later-queue.ts`, which repeats what SQS refuses, and the options of `emit`; 1,300 for the rest of what
 * became public, such as sagas. Which of it a handler needs is only known when it runs, so it is in each bundle. None of it is a client of the SDK.
 * Since then, 3,000 bytes: the breaker's calls have a limit of their own, each entry of an outbox is encoded by itself, an unreadable message delays
 * no other message group, a suspect whose handler has not begun stays one, a claim ends with its time, and one request of a claim, of a settlement
 * or of publishing waits for no other.
 */
export const BUNDLE_CEILINGS = {
  publish: 328_000,
  analytics: 468_750,
  email: 540_000,
  inventory: 468_750,
  shipping: 468_750,
} as const;
