/** Bytes that each bundle may have. What a function imports is its cold start: raise a number only with a reason. */
export const BUNDLE_CEILINGS = {
  publish: 328_000,
  analytics: 448_000,
  email: 523_000,
  inventory: 448_000,
  shipping: 448_000,
} as const;
