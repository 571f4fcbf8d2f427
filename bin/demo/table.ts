type Cell = string | number;

/** Lays rows out in columns: text to the left, numbers to the right. The first row is the heading. */
export function table(rows: readonly (readonly Cell[])[]): string {
  const width = (column: number): number => Math.max(...rows.map((row) => String(row[column] ?? '').length));
  const line = (row: readonly Cell[]): string =>
    row
      .map((cell, column) =>
        typeof cell === 'number' ? String(cell).padStart(width(column)) : cell.padEnd(width(column)),
      )
      .join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
