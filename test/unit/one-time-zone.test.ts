import { afterEach, describe, expect, it } from 'vitest';
import { formatTime } from '../../lib/cli/terminal/format-time.ts';
import { isoTimes } from '../../lib/cli/terminal/iso-times.ts';
import { formatTime as formatTimeOfConsole } from '../../lib/console/page/format.ts';

const AT = Date.parse('2026-01-31T12:34:56.789Z');
const zone = process.env.TZ;

afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe.each(['UTC', 'Asia/Kolkata', 'America/Los_Angeles'])('at a machine in %s', (TZ) => {
  it('the command line tells UTC, and says so', () => {
    process.env.TZ = TZ;
    expect(formatTime(AT)).toBe('2026-01-31 12:34:56Z');
  });

  it('the console tells the same moment by the same clock', () => {
    process.env.TZ = TZ;
    expect(formatTimeOfConsole(AT)).toBe('2026-01-31 12:34:56.789Z');
    expect(formatTimeOfConsole(new Date(AT).toISOString())).toBe('2026-01-31 12:34:56.789Z');
    const now = new Date().toISOString();
    expect(formatTimeOfConsole(now)).toBe(now.slice(11));
  });

  it('neither makes a time of what is none', () => {
    expect(isoTimes({ at: 1e17, id: 'a' }, 'at')).toEqual({ at: undefined, id: 'a' });
    expect([
      formatTime(1e17),
      formatTime(undefined),
      formatTime(Number.NaN),
      formatTimeOfConsole('never'),
    ]).toEqual(['', '', '', 'never']);
  });
});
