/** Bytes that each bundle may have. What a function imports is its cold start: raise a number only with a reason. */
export const BUNDLE_CEILINGS = {
  publish: 328_000,
  analytics: 450_000,
  email: 523_000,
  inventory: 450_000,
  shipping: 450_000,
} as const;
