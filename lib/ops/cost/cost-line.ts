/** How a line is made of a text, of how it is counted, and of its dollars by the size of a batch. */
export type MakeLine = (what: string, how: string, dollars: (perBatch: number) => number) => CostLine;

/** One line of a bill, in US dollars a month. */
export interface CostLine {
  readonly what: string;
  readonly how: string;
  /** Whether it is charged also when there are no events. */
  readonly standing: boolean;
  /** Cost when every batch has one event, as with a few events a second or fewer. */
  readonly oneByOne: number;
  /** Cost when every batch has ten events, as in bursts. */
  readonly inTens: number;
}
