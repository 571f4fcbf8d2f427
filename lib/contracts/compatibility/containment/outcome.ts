/** The outcome of a search for data. */
export type Outcome =
  | { readonly status: 'found'; readonly datum: unknown }
  | { readonly status: 'none' }
  /** No data was found, but it is not certain that there is none. */
  | { readonly status: 'unclear'; readonly why: string };

export const NONE: Outcome = { status: 'none' };

export function found(datum: unknown): Outcome {
  return { status: 'found', datum };
}

export function unclear(why: string): Outcome {
  return { status: 'unclear', why };
}

/** The first outcome that is found. Otherwise, the first that is unclear. Otherwise, none. */
export function firstFound(outcomes: Iterable<Outcome>): Outcome {
  let firstUnclear: Outcome = NONE;
  for (const outcome of outcomes) {
    if (outcome.status === 'found') return outcome;
    if (outcome.status === 'unclear' && firstUnclear === NONE) firstUnclear = outcome;
  }
  return firstUnclear;
}
