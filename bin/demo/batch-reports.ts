/** The line that a consumer writes of every batch: who, and what became of how many messages. */
interface BatchLine {
  readonly message?: string;
  readonly service?: string;
  readonly [count: string]: unknown;
}

/** What the consumers' log lines say of their batches. */
export class BatchReports {
  readonly #lines: BatchLine[] = [];

  /** Takes a line of the local run's log; what is no report of a batch is passed over. */
  readonly read = (line: string): void => {
    const start = line.indexOf('{');
    if (!line.includes('"message":"batch"')) return;
    this.#lines.push(JSON.parse(line.slice(start)));
  };

  /** @param count such as `completed`; a count that is zero is not in the line */
  sum(consumer: string, count: string): number {
    const own = this.#lines.filter(({ service }) => service === consumer);
    return own.reduce((sum, line) => sum + Number(line[count] ?? 0), 0);
  }
}
