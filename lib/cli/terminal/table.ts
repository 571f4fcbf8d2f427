import { shortened } from './plain-text.ts';

type Cell = string | number;

/** Cell of a value that is not known. */
export const UNKNOWN = '?';

const GAP = '  ';
/** No text is cut shorter than this. */
export const MIN_CELL = 6;

/** Width for output, in characters: that of the terminal. There is no limit when a program reads the output, because it needs whole names. */
export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
}

/**
 * Formats rows as columns: text is aligned left, numbers right. The first row is the heading.
 *
 * @param width in characters; the widest columns of text are cut until it fits
 */
export function formatTable(rows: readonly (readonly Cell[])[], width = terminalWidth()): string {
  const columns = Array.from({ length: Math.max(0, ...rows.map((row) => row.length)) }, (_, index) => ({
    width: Math.max(...rows.map((row) => String(row[index] ?? '').length)),
    isNumeric: isNumeric(rows.slice(1).map((row) => row[index])),
  }));
  narrow(columns, width);
  const line = (row: readonly Cell[]): string =>
    row
      .map((cell, index) => {
        const column = columns[index] ?? { width: 0, isNumeric: false };
        const text = shortened(String(cell), column.width);
        return column.isNumeric ? text.padStart(column.width) : text.padEnd(column.width);
      })
      .join(GAP)
      .trimEnd();
  return rows.map(line).join('\n');
}

function isNumeric(cells: readonly (Cell | undefined)[]): boolean {
  return cells.every(
    (cell) => typeof cell === 'number' || cell === UNKNOWN || cell === '' || cell === undefined,
  );
}

function narrow(columns: { width: number; readonly isNumeric: boolean }[], limit: number): void {
  const total = (): number =>
    columns.reduce((sum, { width }) => sum + width, GAP.length * (columns.length - 1));
  while (total() > limit) {
    const [widest] = columns.filter(({ isNumeric }) => !isNumeric).toSorted((a, b) => b.width - a.width);
    if (!widest || widest.width <= MIN_CELL) return;
    widest.width -= 1;
  }
}
