import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestBus, type TestBus } from 'fanfare/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reviewsApp } from './reviews/app.ts';
import { ReviewPublished } from './reviews/events.ts';

const outdir = mkdtempSync(join(tmpdir(), 'fanfare-testing-'));
let bus: TestBus;

beforeAll(async () => {
  bus = await startTestBus(reviewsApp(outdir));
});

afterAll(async () => {
  await bus?.stop();
  rmSync(outdir, { recursive: true, force: true });
});

const review = (reviewId: string, author = 'ada') => ({ reviewId, movieId: 'alien', stars: 4, author });

it('publishes by contract, settles, and shows the tables as plain values', async () => {
  await bus.publish(ReviewPublished, review('r1'), { id: 'r1' });
  await bus.publish(ReviewPublished, review('r1'), { id: 'r1' });
  await bus.publish(ReviewPublished, review('r2'));
  await bus.settled();
  expect(await bus.table('ratings', 'movies').items()).toEqual([{ movieId: 'alien', ratings: 2, stars: 8 }]);
  expect(await bus.table('ratings', 'movies').get({ movieId: 'aliens' })).toBeUndefined();
});

it('waits for what comes, and shows mail', async () => {
  await bus.publish(ReviewPublished, review('r3', 'grace'));
  await bus.eventually(() => bus.mail().some(({ to }) => to.includes('grace@example.com')));
  await bus.eventually(() =>
    expect(bus.mail()[0]).toMatchObject({ subject: 'Thank you', text: 'For review r3.' }),
  );
});

it('shows dead letters with their reason, and leaves them there', async () => {
  await bus.publish(ReviewPublished, review('r4', 'nobody'), { id: 'r4' });
  await bus.settled();
  for (const look of ['first', 'second'])
    expect(await bus.deadLetters('thanks'), look).toMatchObject([
      { errorName: 'Error', errorMessage: 'review r4 has no author', event: { id: 'r4' } },
    ]);
  expect(await bus.deadLetters('ratings')).toEqual([]);
});

it('says what it waited for in vain, and what there is', async () => {
  await expect(bus.eventually(() => false, 0.1)).rejects.toThrow('after 0.1 seconds it is still not so');
  await expect(bus.eventually(() => expect(1).toBe(2), 0.1)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('expected 1 to be 2') },
  });
  expect(() => bus.table('rating', 'movies')).toThrow(
    'the app has no consumer rating; its consumers are: ratings, thanks',
  );
  expect(() => bus.table('ratings', 'films')).toThrow('the consumer ratings has no table films');
});

it('archives events only when it is asked to, and then settles when they are archived', async () => {
  const logs: string[] = [];
  const isArchived = (): boolean => logs.some((line) => line.includes('archive/v1/'));
  for (const archive of [false, true]) {
    await using other = await startTestBus(outdir, { archive, log: (line) => logs.push(line) });
    await other.publish(ReviewPublished, review('r5'));
    await other.settled();
    expect(isArchived(), `archive: ${archive}`).toBe(archive);
  }
});

it('starts from a folder too, with empty tables and ports of its own, and ends by itself', async () => {
  let url: string;
  {
    await using other = await startTestBus(outdir);
    url = other.apiUrl;
    expect(url).not.toBe(bus.apiUrl);
    expect(await other.table('ratings', 'movies').items()).toEqual([]);
  }
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});
