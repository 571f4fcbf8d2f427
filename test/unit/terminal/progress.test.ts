import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createProgress } from '../../../lib/cli/terminal/progress.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

function stream(isTTY: boolean): { out: NodeJS.WriteStream; text: () => string } {
  const out = Object.assign(new PassThrough(), { isTTY });
  // Only what a progress writes to: the rest of a terminal is not asked for.
  return { out: out as unknown as NodeJS.WriteStream, text: () => String(out.read() ?? '') };
}

it('a log gets a line every few seconds, and none of work that is over at once', () => {
  const { out, text } = stream(false);
  const progress = createProgress(out, 'Reading', 100);
  progress.update(10);
  progress.finish();
  expect(text()).toBe('');
  vi.advanceTimersByTime(5_000);
  progress.update(40, { note: '3 chosen' });
  progress.update(50);
  expect(text()).toBe('Reading: 40 of 100, 3 chosen\n');
});

it('a terminal gets a bar on one line, whose last state is drawn', () => {
  const { out, text } = stream(true);
  const progress = createProgress(out, 'Reading');
  progress.update(1, { total: 4 });
  progress.update(4);
  progress.finish();
  expect(text()).toBe(
    `\rReading ${'█'.repeat(7)}${'░'.repeat(23)} 1/4\u001b[K\rReading ${'█'.repeat(30)} 4/4\u001b[K\n`,
  );
});
