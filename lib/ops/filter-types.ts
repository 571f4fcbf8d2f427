/** The versioned event types that a filter policy accepts: at its top level, or in the alternatives of `$or`. */
export function typesOfFilter(policy: unknown): readonly string[] {
  if (typeof policy !== 'object' || policy === null) return [];
  const { type, $or } = policy as { readonly type?: unknown; readonly $or?: unknown };
  const own = Array.isArray(type) ? type.filter((one) => typeof one === 'string') : [];
  const within = Array.isArray($or) ? $or.flatMap(typesOfFilter) : [];
  return [...new Set([...own, ...within])];
}
