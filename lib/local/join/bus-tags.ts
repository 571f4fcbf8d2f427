/** Tags of a stack. */
type Tags = Readonly<Record<string, string>>;

/** Whether a stack is that of a bus, the first one of its app or another. */
export function isBus(tags: Tags): boolean {
  return tags['fanfare:role'] === 'bus' || tags['fanfare:role'] === 'other-bus';
}
