import { expect, it } from 'vitest';
import { createPublisher } from '../../../lib/publishing/client/create-publisher.ts';
import { InvalidEventError } from '../../../lib/publishing/client/errors.ts';
import { OrderPlaced } from '../../apps/orders/events/shop.ts';
import { BATCHED, data, order, publish } from './shop-door.ts';

const toFifo = (body: unknown) => publish(body, { 'content-type': BATCHED }, undefined, undefined, true);

it('refuses at the door of a FIFO bus each event without a partitionkey, by name, and publishes nothing', async () => {
  const { status, body, published } = await toFifo([
    { ...order, partitionkey: 'c-1' },
    { ...order, id: '2' },
  ]);
  expect(status).toBe(400);
  expect(body.errors).toEqual([
    {
      index: 1,
      id: '2',
      pointer: '/partitionkey',
      detail: expect.stringContaining('is missing: on a FIFO bus'),
    },
  ]);
  expect(published).toEqual([]);
});

it('takes all of them with one, and needs none on a standard bus', async () => {
  expect((await toFifo([{ ...order, partitionkey: 'c-1' }])).status).toBe(202);
  expect((await publish(order)).status).toBe(202);
});

it('refuses one in the typed publisher, before anything is sent', async () => {
  const sent: unknown[] = [];
  const publisher = createPublisher({
    topicArn: 'arn:aws:sns:eu-west-1:111122223333:Bus.fifo',
    source: '/shop',
    sns: { send: async (command: unknown) => void sent.push(command) } as never,
  });
  const refused = publisher.publish(OrderPlaced, data, { id: 'o-1' });
  await expect(refused).rejects.toThrow(InvalidEventError);
  await expect(refused).rejects.toThrow(/o-1.*is missing: on a FIFO bus/);
  expect(sent).toEqual([]);
});
