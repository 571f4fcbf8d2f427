import { describe, expect, it } from 'vitest';
import { formatTable, UNKNOWN } from '../../../lib/cli/terminal/table.ts';

const widthOf = (table: string): number => Math.max(...table.split('\n').map((line) => line.length));

describe('a table', () => {
  it('has text to the left and numbers to the right, unknown ones too', () => {
    const rows = [
      ['consumer', 'dead'],
      ['email', 12],
      ['analytics', UNKNOWN],
    ];
    expect(formatTable(rows)).toBe('consumer   dead\nemail        12\nanalytics     ?');
  });

  it('is cut to the width of the terminal in its widest text, never in a number', () => {
    const long = 'recommendations-for-returning-customers';
    const rows = [
      ['consumer', 'reason', 'dead'],
      [long, 'a reason that is somewhat long as well, and goes on', 1_234_567_890],
    ];
    const table = formatTable(rows, 40);
    expect(widthOf(table)).toBeLessThanOrEqual(40);
    expect(table).toContain('1234567890');
    expect(table).toContain('…');
    expect(formatTable(rows, Number.POSITIVE_INFINITY)).toContain(long);
  });

  it('of nothing is nothing', () => {
    expect(formatTable([])).toBe('');
  });
});
