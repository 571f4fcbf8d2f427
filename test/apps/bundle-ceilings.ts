/** Bytes that each bundle may have. What a function imports is its cold start: raise a number only with a reason. */
export const BUNDLE_CEILINGS = {
  publish: 328_000,
  analytics: 456_000,
  email: 529_000,
  inventory: 456_000,
  shipping: 456_000,
} as const;
