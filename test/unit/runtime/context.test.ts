import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { CommitRejectedError, HandlerEndedError } from '../../../lib/runtime/errors.ts';
import { EventContext } from '../../../lib/runtime/handling/context.ts';
import type { ContextProps } from '../../../lib/runtime/handling/context-props.ts';
import { NO_EVENT_DATA, NO_SECRETS } from '../../apps/no-event-data.ts';

const Placed = defineEvent({ type: 'shop.Placed', version: 1, description: 'Placed.', data: z.object({}) });
const common = { name: 'stock', description: 'Counts.', listensTo: [Placed], emits: [Placed] };
const stock = defineConsumer({ ...common, effects: 'commit' });
const planner = defineConsumer({ ...common, emitsLater: true });
const REJECTED = new TransactionCanceledException({
  message: 'cancelled',
  $metadata: {},
  CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
});

/** A context whose commit is refused when `refuse` is called. */
function contextOf(
  definition: ContextProps['definition'] = stock,
  more: Partial<ContextProps['ports']> = {},
) {
  let refuse: () => void = () => undefined;
  const refused = new Promise<never>((_, reject) => {
    refuse = () => reject(REJECTED);
  });
  const clock = { now: () => 0, sleep: async () => undefined };
  const dynamodb = { send: () => refused } as unknown as ContextProps['ports']['dynamodb'];
  const ports: ContextProps['ports'] = {
    dynamodb,
    clock,
    sqs: {} as ContextProps['ports']['sqs'],
    eventData: NO_EVENT_DATA,
    getSecret: NO_SECRETS,
    random: () => 0,
    newToken: () => 'token',
    ...more,
  };
  const lease = { table: 'records', owner: 'me', startedAt: 0, leaseUntil: 1_000, expiresAt: 2_000 };
  const event = { specversion: '1.0', id: '1', source: '/shop', type: Placed.versionedType } as const;
  const facts = { id: '/shop|1', attributes: {}, content: { type: Placed.versionedType, digest: undefined } };
  const context = new EventContext({
    definition,
    ports,
    leaseContext: { ...lease, dynamodb, now: clock.now, sleep: clock.sleep, random: ports.random },
    item: { event, facts, attempt: 1, claimed: false } as unknown as ContextProps['item'],
    tables: {},
    deadline: { signal: new AbortController().signal, handlersEndAt: 1_000 },
    createLogger: () => expect.unreachable('it does not log'),
  });
  return { context, refuse };
}

const write = { Put: { TableName: 'stock', Item: { id: { S: '1' } } } };

it('a commit that is refused after the handler’s time leaves its context closed', async () => {
  const { context, refuse } = contextOf();
  const committing = context.commit([write]);
  context.close();
  refuse();
  await expect(committing).rejects.toThrow(CommitRejectedError);
  expect(() => context.emit(Placed, {})).toThrow(HandlerEndedError);
});

it('a commit that is refused in time leaves its context open for another', async () => {
  const { context, refuse } = contextOf();
  const committing = context.commit([write]);
  refuse();
  await expect(committing).rejects.toThrow(CommitRejectedError);
  expect(context.emit(Placed, {})).toMatchObject({ type: 'shop.Placed.v1' });
});

it('refuses what comes later, and its cancellation, unless the definition allows it', () => {
  const { context } = contextOf();
  const missing = 'write emitsLater: true into its defineConsumer';
  expect(() => context.emit(Placed, {}, { in: 60 })).toThrow(missing);
  expect(() => context.cancel('reminder')).toThrow(missing);
  expect(context.outbox).toEqual([]);
});

it.each([
  ['the consumer', {}, '/consumers/stock'],
  ['the name that tells apps apart', { emitterName: 'films/stock' }, '/consumers/films/stock'],
])('cancels what it has emitted as %s', (_, ports, owner) => {
  const { context } = contextOf(planner, ports);
  expect(context.emit(Placed, {}, { in: 60, key: 'reminder' }).source).toBe(owner);
  context.cancel('reminder');
  expect(JSON.parse(context.outbox[1] ?? '')).toMatchObject({ cancel: { owner, key: 'reminder' } });
});
