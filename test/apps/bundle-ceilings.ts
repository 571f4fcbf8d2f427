/** Bytes that each bundle may have. What a function imports is its cold start: raise a number only with a reason. */
export const BUNDLE_CEILINGS = {
  publish: 328_000,
  analytics: 445_000,
  email: 523_000,
  inventory: 445_000,
  shipping: 445_000,
} as const;
