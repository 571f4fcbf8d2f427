import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { MAX_REQUEST_BYTES } from '../../../lib/contracts/envelope/request-limits.ts';
import { createPublishHandler } from '../../../lib/publishing/http/create-publish-handler.ts';
import { MAX_MESSAGE_BYTES } from '../../../lib/publishing/topic/publish-chunks.ts';
import type { TopicPublisher } from '../../../lib/publishing/topic/topic-publisher.ts';
import * as events from '../../apps/orders/events/index.ts';
import { order, STRUCTURED } from './shop-door.ts';

const catalog = createCatalog(Object.values(events));
const request = {
  headers: { 'content-type': STRUCTURED },
  body: JSON.stringify(order),
  isBase64Encoded: false,
};
const written: string[] = [];

/** Calls a handler over a publisher; what it logs is in `written`. */
function call(publish: TopicPublisher['publish'], { body = request.body, remaining = 29_000 } = {}) {
  const handler = createPublishHandler(catalog, { maxEventBytes: MAX_MESSAGE_BYTES, publish });
  return handler({ ...request, body }, { getRemainingTimeInMillis: () => remaining });
}

const takeAll: TopicPublisher['publish'] = async (all) =>
  all.map(() => ({ status: 'published', messageId: 'm' }));

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  // Development mode writes to the console that is spied on, but would leave the metrics out.
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Fanfare');
  for (const method of ['log', 'info', 'error', 'warn', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => void written.push(parts.join(' ')));
  }
});

afterEach(() => {
  written.length = 0;
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('the handler', () => {
  it('answers an error of its own with a 500 that shows none of its insides, and logs the reason', async () => {
    const { statusCode, headers, body } = await call(async () => {
      throw new Error('secret-endpoint refused');
    });
    expect(statusCode).toBe(500);
    expect(headers?.['content-type']).toBe('application/problem+json');
    expect(body).not.toMatch(/secret-endpoint|\bat /);
    expect(written.join('\n')).toContain('secret-endpoint');
  });

  it('logs why it refuses a request, and what SNS said when it takes no event', async () => {
    await call(takeAll, { body: '{' });
    expect(written.join('\n')).toContain('not valid JSON');
    await call(async () => [{ status: 'failed', code: 'KMS', message: 'no such key', retryable: false }]);
    const errors = written.filter((line) => /"level":\s*"ERROR"/.test(line));
    expect(errors.join('\n')).toContain('KMS: no such key');
  });

  it('logs what is thrown that is no error', async () => {
    await call(() => Promise.reject('thrown text'));
    const errors = written.filter((line) => /"level":\s*"ERROR"/.test(line));
    expect(errors.join('\n')).toMatch(/"message":\s*"thrown text"/);
  });

  it('refuses more than a request may have, though its environment names no limit', async () => {
    const answer = await call(takeAll, { body: 'x'.repeat(MAX_REQUEST_BYTES + 1) });
    expect(answer.statusCode).toBe(413);
    expect(answer.body).toContain(`at most ${MAX_REQUEST_BYTES} are allowed`);
  });

  it('counts a request that it refuses', async () => {
    expect((await call(takeAll, { body: '{' })).statusCode).toBe(400);
    expect(written.join('\n')).toMatch(/"rejected":\s*1\b/);
  });

  it('logs one line with status and counts, and no data of the event', async () => {
    expect((await call(takeAll)).statusCode).toBe(202);
    const lines = written.filter((line) => /"level":\s*"INFO"/.test(line));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/"status":\s*202/);
    expect(lines[0]).toMatch(/"published":\s*1/);
    expect(written.join('\n')).not.toContain(order.data.email);
  });

  it('tells publishing to stop when only the time for the answer is left', async () => {
    const stop = vi.fn();
    await call(
      async (all, { signal } = {}) => {
        await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        stop();
        return takeAll(all);
      },
      { remaining: 900 },
    );
    expect(stop).toHaveBeenCalledOnce();
  });

  it('lets publishing run while there is time', async () => {
    const aborted: (boolean | undefined)[] = [];
    await call(async (all, { signal } = {}) => {
      aborted.push(signal?.aborted);
      return takeAll(all);
    });
    expect(aborted).toEqual([false]);
  });
});
