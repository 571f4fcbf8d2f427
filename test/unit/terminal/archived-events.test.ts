import { describe, expect, it } from 'vitest';
import { readLine } from '../../../lib/archive/read/read-line.ts';
import { describeSums, eventJson, eventLine } from '../../../lib/cli/operate/events/describe-events.ts';
import type { EventsRead } from '../../../lib/ops/archive/read-events.ts';
import { archivedOf, eventOf, HOUR } from '../../apps/archive/archive-objects.ts';

const readOf = (event: object) => {
  const read = readLine(JSON.stringify(archivedOf(eventOf(event), HOUR)));
  return 'reason' in read ? expect.fail(read.reason) : read;
};

describe('an archived event in a line', () => {
  const read = readOf({ id: 'order-4711', subject: 'order-4711', data: { text: 'long '.repeat(100) } });

  it('fits the width of the terminal, and begins with what identifies it', () => {
    const line = eventLine(read, 80);
    expect(line).toHaveLength(80);
    expect(line).toMatch(/^2026-11-27 04:00:00Z {2}shop\.OrderPlaced\.v1 {2}\/shop\/checkout {2}order-4711 /);
    expect(line.endsWith('…')).toBe(true);
  });

  it('has whole names, and the beginning of the data, where a program reads', () => {
    const line = eventLine(read, Number.POSITIVE_INFINITY);
    expect(line).toContain('order-4711  order-4711  {"text":"long long');
    expect(line.length).toBeLessThan(300);
  });

  it('gives nobody a link that is signed', () => {
    const linked = readOf({ data: undefined, dataref: 'https://files.example/f?X-Amz-Signature=secret' });
    expect(eventJson(linked)).toMatchObject({ event: { dataref: 'https://files.example/f?…' } });
    expect(eventLine(linked, 500)).not.toContain('secret');
  });

  it('gives a terminal no orders', () => {
    const orders = readOf({ subject: 'red\u001b[31m', data: { text: '\u202e' } });
    expect(eventLine(orders, 500)).toMatch(/red\\u\{001b\}\[31m .*\\u\{202e\}/);
  });
});

describe('what was read', () => {
  const read: EventsRead = {
    events: 1,
    repeated: 0,
    unreadable: [],
    withoutMark: [],
    limited: false,
    state: { watermark: HOUR, missing: 0, problems: [] },
  };
  const described = (more: Partial<EventsRead>, to = HOUR): string =>
    describeSums({ ...read, ...more }, to).join('\n');

  it('is told in one line, with up to when the archive is complete', () => {
    expect(described({})).toBe('1 event\nThe archive is complete up to 2026-11-27 04:00:00Z');
    expect(described({ repeated: 2 })).toContain('1 event; 2 messages left out that came before');
  });

  it('says that something may be missing when more was asked for than is complete', () => {
    expect(described({}, HOUR + 1)).toContain('04:00:00Z; what arrived later may be missing here');
    expect(described({ state: { ...read.state, watermark: null } })).toContain(
      '? up to when the archive is complete is not known',
    );
    expect(described({ state: { ...read.state, missing: 3 } })).toContain(
      '! 3 messages could not be archived',
    );
  });

  it('names objects that could not be read, and of many the number', () => {
    const unreadable = Array.from({ length: 23 }, (_, index) => ({
      key: `k${index}`,
      lines: 3,
      reason: 'line 2: no',
    }));
    const text = described({ unreadable });
    expect(text).toContain('! k19 could not be read as a whole: line 2: no, and 2 lines more');
    expect(text).not.toContain('k20');
    expect(text).toContain('! and 3 objects more could not be read');
  });
});
