/** A range of times as it was typed, and as it is used: with what is meant where nothing was typed. */
export interface TimeRange {
  readonly typed: { readonly from?: number; readonly to?: number };
  /** Epoch milliseconds. */
  readonly used: { readonly from: number; readonly to: number };
  /** Where the range begins if nothing was typed, such as `1h ago`. */
  readonly begins: string;
}

/** Why a range is none, in the words of what was typed; undefined when it is one. Without a `--to` it ends now. */
export function refusalOfRange({ typed, used, begins }: TimeRange): string | undefined {
  if (used.from < used.to) return undefined;
  if (typed.to === undefined) return '--from is not in the past, and without --to the range ends now';
  if (typed.from === undefined)
    return `--to is before the range begins: it begins ${begins} if --from does not say otherwise`;
  return '--from is not before --to';
}
