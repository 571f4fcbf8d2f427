import { describe, expect, it } from 'vitest';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { MAX_REQUEST_BYTES } from '../../../lib/contracts/envelope/request-limits.ts';
import { scheduleInput } from '../../../lib/later/schedule-input.ts';
import { createClaimCheckPublisher } from '../../../lib/publishing/topic/claim-check.ts';
import { MAX_LATER_BYTES, sizeProblem } from '../../../lib/publishing/topic/event-size.ts';
import { entryBytes, MAX_MESSAGE_BYTES } from '../../../lib/publishing/topic/publish-chunks.ts';
import { entryOf } from '../../../lib/publishing/topic/publish-entry.ts';

const KEYWORD = '<aws.scheduler.';
/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html */
const MAX_INPUT_BYTES = 262_144;
const now = Date.parse('2026-01-01T00:00:00Z');
const limit = { maxEventBytes: MAX_MESSAGE_BYTES, now };

/** An event whose data holds the keyword so many times, and so many other characters. */
const eventOf = (keywords: number, others: number, deliverat?: string): Envelope => ({
  specversion: '1.0',
  id: '1',
  source: '/test',
  type: 'test.Happened.v1',
  ...(deliverat !== undefined && { deliverat }),
  data: { text: KEYWORD.repeat(keywords) + 'x'.repeat(others) },
});
const tomorrow = '2026-01-02T00:00:00Z';
const bytesOf = (event: Envelope): number => entryBytes(entryOf(event, 0, false));
/** The largest event with so many keywords that may come later. */
const largest = (keywords: number): Envelope =>
  eventOf(keywords, MAX_LATER_BYTES - 5 * keywords - bytesOf(eventOf(keywords, 0, tomorrow)), tomorrow);

describe('an event that comes later', () => {
  it.each([0, 1, 12_000])(
    'fits into a schedule when its size is allowed, with %i keywords of the Scheduler',
    (keywords) => {
      const event = largest(keywords);
      const input = scheduleInput({ event, key: '\u0001'.repeat(256) });
      expect(sizeProblem(event, limit)).toBeUndefined();
      expect(Buffer.byteLength(input)).toBeLessThanOrEqual(MAX_INPUT_BYTES);
    },
  );

  it('is refused with one byte more, and is told that its keywords count', () => {
    const { data, ...event } = largest(10);
    const one = { ...event, data: { text: `${(data as { text: string }).text}x` } };
    expect(sizeProblem(one, limit)).toEqual({
      pointer: '',
      detail: `has 250001 bytes with its message attributes, 50 of them to escape ${KEYWORD}; at most 250000 are allowed`,
    });
  });

  it('is refused for its size alone when it has no keyword', () => {
    const { data, ...event } = largest(0);
    const one = { ...event, data: { text: `${(data as { text: string }).text}x` } };
    expect(sizeProblem(one, limit)?.detail).toBe(
      'has 250001 bytes with its message attributes; at most 250000 are allowed',
    );
  });

  it('is refused where its attributes alone are too large for a schedule, though its data could be stored', () => {
    const event = { ...eventOf(0, 0, tomorrow), note: KEYWORD.repeat(16_000) };
    expect(sizeProblem(event, { maxEventBytes: MAX_REQUEST_BYTES, now })?.detail).toMatch(
      /^has 3201\d\d bytes beside its data; at most 250000 are allowed$/,
    );
  });

  it('has its data stored when only the escapes make it too large', async () => {
    const stored: string[] = [];
    const sent: Envelope[] = [];
    const publisher = createClaimCheckPublisher(
      {
        maxEventBytes: MAX_MESSAGE_BYTES,
        publish: async (events) => {
          sent.push(...events);
          return events.map(() => ({ status: 'published', messageId: 'm' }) as const);
        },
      },
      { name: 'bucket', put: async (key: string) => void stored.push(key) } as never,
    );
    await publisher.publish([eventOf(16_000, 0, tomorrow), eventOf(16_000, 0)]);
    expect(stored).toHaveLength(1);
    expect(sent.map(({ data }) => data === undefined)).toEqual([true, false]);
  });
});

it('an event that comes at once may hold as many keywords as it likes', () => {
  const event = eventOf(17_000, 0);
  expect(bytesOf(event)).toBeGreaterThan(MAX_LATER_BYTES);
  expect(sizeProblem(event, limit)).toBeUndefined();
});
