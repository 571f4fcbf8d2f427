import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../../lib/contracts/envelope/request-limits.ts';
import { RequestError } from '../../../lib/publishing/http/problem-response.ts';
import { BATCHED, data, order, publish } from './shop-door.ts';

/** Half of what a function of 512 MB gives to JavaScript. */
const MEMORY = { maxOldGenerationSizeMb: 250 };

const LARGEST_EVENT = 262_144;
/** As many events of the largest size as a request can hold. */
const EVENTS = Math.floor(MAX_REQUEST_BYTES / LARGEST_EVENT);

/** Text repeated up to a number of bytes, with commas between. */
function list(item: string, bytes: number): string {
  return Array.from({ length: Math.floor(bytes / (item.length + 1)) }, () => item).join(',');
}

function batchOf(events: number, oneEvent: (index: number) => string): string {
  return `[${Array.from({ length: events }, (_, index) => oneEvent(index)).join(',')}]`;
}

const wide = list('1', MAX_REQUEST_BYTES - 1_000);
const manyKeys = (bytes: number): string =>
  Array.from(
    { length: Math.floor(bytes / 12) },
    (_, index) => `"A${String(index).padStart(6, '0')}":1`,
  ).join();

describe('a request that is made to exhaust the function is answered all the same', () => {
  it.each([
    ['a wide list', `[${wide}]`, undefined, 413],
    ['a wide list, deep down', '['.repeat(60) + wide + ']'.repeat(60), undefined, 413],
    ['empty objects', `[${list('{}', MAX_REQUEST_BYTES - 1_000)}]`, BATCHED, 413],
    ['attributes that are none', `{${manyKeys(MAX_REQUEST_BYTES - 1_000)}}`, undefined, 413],
    [
      'events full of attributes that are none',
      batchOf(EVENTS, () => `{${manyKeys(LARGEST_EVENT - 1_000)}}`),
      BATCHED,
      400,
    ],
    [
      'events full of data that breaks its contract',
      // Zod takes a second for a million mistakes: enough of them to fill the memory if all were kept.
      batchOf(
        8,
        (index) =>
          `{"specversion":"1.0","id":"${index}","source":"/shop","type":"shop.InventoryRejected.v1","data":{"orderId":"1","missing":[${list('1', LARGEST_EVENT - 1_000)}]}}`,
      ),
      BATCHED,
      400,
    ],
    [
      'base64 of megabytes',
      `{"specversion":"1.0","source":"/shop","type":"shop.OrderPlaced.v1","data_base64":"${'A'.repeat(4_000_000)}"}`,
      undefined,
      413,
    ],
  ])('%s', async (_, body, contentType, expected) => {
    const worker = new Worker(new URL('answer-hostile.ts', import.meta.url), {
      workerData: { body, contentType },
      resourceLimits: MEMORY,
    });
    // A worker that runs out of memory rejects this.
    const [answer] = await once(worker, 'message');
    expect(answer).toEqual({ status: expected, published: 0 });
    await worker.terminate();
  });
});

describe('an answer stays far below the 6 MB that Lambda takes', () => {
  it.each([
    ['ids', (index: number) => ({ ...order, id: `${index}${'x'.repeat(100_000)}`, source: ' ' })],
    ['types', (index: number) => ({ ...order, id: `${index}`, type: 'x'.repeat(200_000) })],
    ['names', (index: number) => ({ ...order, id: `${index}`, ['X'.repeat(200_000)]: 1 })],
    ['media types', (index: number) => ({ ...order, id: `${index}`, datacontenttype: 'x'.repeat(200_000) })],
  ])('when the request has endless %s', async (_, oneEvent) => {
    const batch = Array.from({ length: EVENTS }, (_, index) => oneEvent(index));
    const { status, body, notes } = await publish(batch, { 'content-type': BATCHED });
    expect(status).toBe(400);
    expect(JSON.stringify(body).length).toBeLessThan(500_000);
    expect(JSON.stringify(notes).length).toBeLessThan(50_000);
  });

  it('and counts the mistakes that it leaves out', async () => {
    const missing = Array.from({ length: 1_000 }, () => 1);
    const { body } = await publish({
      ...order,
      type: 'shop.InventoryRejected.v1',
      data: { orderId: data.orderId, missing },
    });
    expect(body.errors).toHaveLength(100);
    expect(body.moreErrors).toBe(900);
  });
});

it('a text that an answer repeats is cut by characters, and only then ends with an ellipsis', () => {
  expect(new RequestError('invalid', '😀'.repeat(1_000)).message).toBe('😀'.repeat(1_000));
  expect(new RequestError('invalid', '😀'.repeat(1_001)).message).toBe(`${'😀'.repeat(1_000)}…`);
});
