/** A progress bar on one line of a terminal; elsewhere it stays silent, so that logs and `--json` stay clean. */
export interface Progress {
  /** Sets how much is done; draws at most once per percent. */
  update(done: number): void;
  /** Draws the full bar and ends the line. */
  finish(): void;
}

const WIDTH = 30;

/** @param stream where to draw, usually standard error, so that standard output can be piped */
export function createProgress(stream: NodeJS.WriteStream, label: string, total: number): Progress {
  let drawn = -1;
  const update = (done: number): void => {
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
    if (!stream.isTTY || percent === drawn) return;
    drawn = percent;
    const filled = Math.round((percent / 100) * WIDTH);
    stream.write(`\r${label} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${total}`);
  };
  const finish = (): void => {
    update(total);
    if (stream.isTTY) stream.write('\n');
  };
  return { update, finish };
}
