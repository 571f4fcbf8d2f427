import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { deadLetterLine } from '../../../lib/cli/operate/dlq/list.ts';
import { traceLines } from '../../../lib/cli/operate/trace/trace-lines.ts';
import type { Attempt, Handling, TracedEvent } from '../../../lib/ops/trace/traced-event.ts';

const WIDTH = 80;
const at = Date.parse('2026-11-26T12:00:00Z');

describe('a dead letter in the list', () => {
  const deadLetter = {
    messageId: 'af2b9ea7-4a8e-4d1c-bd9b-818853cda218',
    lastAt: at,
    type: 'shop.OrderPlaced.v1',
    errorName: 'InternalServerError',
    errorMessage: 'a reason that is longer than what is left of a line of eighty characters',
    attempts: 5,
    body: '{}',
  };

  it('fits the width of the terminal, with its whole message id and its attempts', () => {
    const lines = deadLetterLine(deadLetter, WIDTH).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(WIDTH);
    expect(lines[0]).toContain(deadLetter.messageId);
    expect(lines[0]).toContain(deadLetter.type);
    expect(lines[1]).toMatch(/^ {2}InternalServerError: a reason .*… \(5 attempts\)$/);
  });

  it('is one line where there is room, or where a program reads', () => {
    for (const width of [200, Number.POSITIVE_INFINITY])
      expect(deadLetterLine(deadLetter, width)).toMatch(/^af2b9ea7.*eighty characters \(5 attempts\)$/);
  });
});

describe('the attempts in a trace', () => {
  const error =
    'InternalServerError: the neighbour answers with 500 and with a text that is long, and goes on and on';
  const recorded = error.slice(0, 48);
  const attempt = (number: number): Attempt => ({
    attempt: number,
    startedAt: at,
    endedAt: at,
    reason: recorded,
  });
  const handling: Handling = {
    consumer: 'email',
    status: 'retrying',
    endsWithCommit: false,
    attempts: 2,
    error,
    history: [attempt(1), attempt(2)],
    emitted: [],
  };
  const event: TracedEvent = {
    id: 'o-1',
    source: '/shop',
    type: 'shop.OrderPlaced.v1',
    handlings: [handling],
  };
  const attemptsAt = (width: number): readonly string[] =>
    traceLines(event, { indent: '', width })
      .map(stripVTControlCharacters)
      .filter((line) => / attempt \d in /.test(line));

  it('show the whole reason of the last one, which the record has', () => {
    const [first, last] = attemptsAt(Number.POSITIVE_INFINITY);
    expect(first?.endsWith(recorded)).toBe(true);
    expect(last?.endsWith(error)).toBe(true);
  });

  it('fit the width of the terminal', () => {
    const [, last = ''] = attemptsAt(WIDTH);
    expect(last).toHaveLength(WIDTH);
    expect(last.endsWith('…')).toBe(true);
  });
});
