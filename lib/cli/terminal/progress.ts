/** How far long work is: a bar on one line of a terminal; elsewhere a line every few seconds, so that a log shows that it goes on. */
export interface Progress {
  /** Sets how much is done, and of how much if that has changed. A note is shown after the numbers. */
  update(done: number, more?: More): void;
  /** Draws the last state and ends the line of a terminal. */
  finish(): void;
}

interface More {
  readonly total?: number | undefined;
  readonly note?: string | undefined;
}

const WIDTH = 30;
const DRAW_EVERY_MS = 100;
const LINE_EVERY_MS = 5_000;

/** @param stream where to draw, usually standard error, so that standard output can be piped */
export function createProgress(stream: NodeJS.WriteStream, label: string, total = 0): Progress {
  const { isTTY } = stream;
  let state: State = { done: 0, total, note: undefined };
  // A log has no line of work that is over at once.
  let shownAt = isTTY ? 0 : Date.now();
  const show = (): void => {
    shownAt = Date.now();
    stream.write(
      isTTY
        ? `\r${label} ${barOf(state)} ${textOf(state, '/')}\u001b[K`
        : `${label}: ${textOf(state, ' of ')}\n`,
    );
  };
  return {
    update: (done, more = {}) => {
      state = { ...state, ...more, done };
      if (Date.now() - shownAt >= (isTTY ? DRAW_EVERY_MS : LINE_EVERY_MS)) show();
    },
    finish: () => {
      if (!isTTY) return;
      show();
      stream.write('\n');
    },
  };
}

interface State {
  readonly done: number;
  readonly total?: number | undefined;
  readonly note?: string | undefined;
}

function textOf({ done, total = 0, note }: State, of: string): string {
  return `${done}${of}${total}${note === undefined ? '' : `, ${note}`}`;
}

function barOf({ done, total = 0 }: State): string {
  const filled = total === 0 ? WIDTH : Math.min(WIDTH, Math.floor((done / total) * WIDTH));
  return '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
}
