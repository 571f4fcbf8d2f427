/** Whether there is data of some description. */
export type Outcome =
  | { readonly status: 'found'; readonly datum: unknown }
  | { readonly status: 'none' }
  /** Neither data was found, nor a proof that there is none. */
  | { readonly status: 'unclear'; readonly why: string };

export const NONE: Outcome = { status: 'none' };

export function found(datum: unknown): Outcome {
  return { status: 'found', datum };
}

export function unclear(why: string): Outcome {
  return { status: 'unclear', why };
}

/** The first that is found; else what stands against saying that there is none. */
export function firstFound(outcomes: Iterable<Outcome>): Outcome {
  let doubt: Outcome = NONE;
  for (const outcome of outcomes) {
    if (outcome.status === 'found') return outcome;
    if (outcome.status === 'unclear' && doubt === NONE) doubt = outcome;
  }
  return doubt;
}
