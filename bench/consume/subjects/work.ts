/** The data of every event here. */
export interface Asked {
  readonly fail: boolean;
}

/** The work that all subjects do: next to nothing, so that what is around it is measured. */
export function work({ fail }: Asked): void {
  if (fail) throw new Error('asked to fail');
}
