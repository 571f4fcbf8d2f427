import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createCatalog } from '../../lib/contracts/catalog.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import { CLOUDEVENTS_BATCH_JSON, type Envelope } from '../../lib/contracts/envelope/envelope.ts';
import { defineProducer } from '../../lib/contracts/producers/define-producer.ts';
import {
  type ProducerRule,
  producerRule,
  readProducerRules,
} from '../../lib/contracts/producers/producer-rule.ts';
import type { RequestContext } from '../../lib/publishing/http/caller.ts';
import { publishRequest } from '../../lib/publishing/http/publish-request.ts';
import { MAX_MESSAGE_BYTES } from '../../lib/publishing/topic/publish-chunks.ts';
import { entryOf } from '../../lib/publishing/topic/publish-entry.ts';

const define = (type: string, internal = false) =>
  defineEvent({ type, version: 1, description: 'A fact.', data: z.object({ n: z.int() }), internal });
const Placed = define('shop.Placed');
const Paid = define('shop.Paid');
const Reserved = define('shop.Reserved', true);
const catalog = createCatalog([Placed, Paid, Reserved]);

const CHECKOUT = 'arn:aws:iam::111122223333:role/apps/checkout';
const checkout = defineProducer({
  name: 'checkout',
  principal: { iam: CHECKOUT },
  types: [Placed],
  sources: ['/shop/checkout', '/shop/kiosks/*'],
});
const payments = defineProducer({
  name: 'payments',
  principal: { jwt: 'payments-client' },
  types: [Paid],
  sources: ['/shop/payments'],
});
const RULES = [producerRule(checkout), producerRule(payments)];

const session = (role: string, account = '111122223333') => ({
  authorizer: { iam: { userArn: `arn:aws:sts::${account}:assumed-role/${role}/session` } },
});
const bearer = (sub: unknown) => ({
  authorizer: { jwt: { claims: { iss: 'https://issuer.example.com', sub } } },
});
const event = (type: string, source: string, more: object = {}) => ({
  specversion: '1.0',
  id: '1',
  source,
  type: `${type}.v1`,
  data: { n: 1 },
  ...more,
});

/** A caller on this machine, where nobody signs. */
const LOCAL = 'on this machine' as const;

/** Sends events as a caller, to a topic that takes everything. */
async function publish(
  from: RequestContext | typeof LOCAL,
  events: readonly object[],
  { producers = RULES, path }: { producers?: readonly ProducerRule[]; path?: string } = {},
) {
  const published: Envelope[] = [];
  const publisher = {
    maxEventBytes: MAX_MESSAGE_BYTES,
    publish: async (all: readonly Envelope[]) => {
      published.push(...all);
      return all.map(() => ({ status: 'published', messageId: 'm' }) as const);
    },
  };
  const request = {
    headers: { 'content-type': CLOUDEVENTS_BATCH_JSON },
    body: JSON.stringify(events),
    isBase64Encoded: false,
    requestContext: from === LOCAL ? {} : from,
    pathParameters: path === undefined ? undefined : { type: path },
  };
  const { response, notes } = await publishRequest(
    { catalog, publisher, producers, onThisMachine: from === LOCAL },
    request,
    new AbortController().signal,
  );
  const { errors = [] } = JSON.parse(response.body ?? '{}');
  return { status: response.statusCode, errors, published, notes };
}

describe('a hostile producer', () => {
  it.each([
    [
      'under the source of another producer',
      session('checkout'),
      event('shop.Placed', '/shop/payments'),
      '/source',
    ],
    ['under a source that is nobody’s', session('checkout'), event('shop.Placed', '/elsewhere'), '/source'],
    [
      'under a source that only begins like its own',
      session('checkout'),
      event('shop.Placed', '/shop/checkout2'),
      '/source',
    ],
    [
      'of a type that it is not declared for',
      session('checkout'),
      event('shop.Paid', '/shop/checkout'),
      '/type',
    ],
    [
      'as a role of the same name in another account',
      session('checkout', '999922223333'),
      event('shop.Placed', '/shop/checkout'),
      '',
    ],
    ['as a role that is not declared', session('other'), event('shop.Placed', '/shop/checkout'), ''],
    ['with a token of another subject', bearer('other'), event('shop.Paid', '/shop/payments'), ''],
    ['with a token without a subject', bearer(undefined), event('shop.Paid', '/shop/payments'), ''],
    ['with a token whose subject is a role', bearer(CHECKOUT), event('shop.Placed', '/shop/checkout'), ''],
    ['without having been asked who it is', {}, event('shop.Placed', '/shop/checkout'), ''],
    [
      'by a call that says it is this machine',
      { apiId: 'local' } as RequestContext,
      event('shop.Placed', '/shop/checkout'),
      '',
    ],
    [
      'from a source that leads out of its own',
      session('checkout'),
      event('shop.Placed', '/shop/kiosks/../payments'),
      '/source',
    ],
    [
      'from a source that leads out in other words',
      session('checkout'),
      event('shop.Placed', '/shop/kiosks/%2e%2E%2fpayments'),
      '/source',
    ],
  ])(
    'is refused an event %s, and nothing of its request is published',
    async (_how, context, one, pointer) => {
      const { status, errors, published } = await publish(context, [one]);
      expect({
        status,
        published,
        pointers: errors.map((error: { pointer: string }) => error.pointer),
      }).toEqual({
        status: 403,
        published: [],
        pointers: [pointer],
      });
    },
  );

  it('cannot take a good event along: a request is published whole or not at all', async () => {
    const good = event('shop.Placed', '/shop/checkout');
    const { status, published } = await publish(session('checkout'), [
      good,
      event('shop.Paid', '/shop/checkout', { id: '2' }),
    ]);
    expect([status, published]).toEqual([403, []]);
  });

  it.each([
    ['declared', RULES],
    ['none declared', []],
  ])('cannot forge what consumers say, with producers: %s', async (_what, producers) => {
    const forged = [
      event('shop.Reserved', '/shop/checkout'),
      event('shop.Placed', '/consumers/inventory', { id: '2' }),
    ];
    const { status, errors, published } = await publish(LOCAL, forged, { producers });
    expect([status, published]).toEqual([403, []]);
    expect(errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/type', '/source']);
  });

  it('cannot name itself on an event', async () => {
    const { status, errors } = await publish(session('checkout'), [
      event('shop.Placed', '/shop/checkout', { producer: 'payments' }),
    ]);
    expect(status).toBe(400);
    expect(errors[0].pointer).toBe('/producer');
  });

  it('with a policy for the path of one type cannot send another there', async () => {
    const { status, errors } = await publish(LOCAL, [event('shop.Paid', '/shop/payments')], {
      producers: [],
      path: 'shop.Placed',
    });
    expect([status, errors[0].pointer]).toEqual([403, '/type']);
  });
});

describe('an honest producer', () => {
  it.each([
    ['a role with a path', session('checkout'), event('shop.Placed', '/shop/checkout'), 'checkout'],
    [
      'a role, below a source of its own',
      session('checkout'),
      event('shop.Placed', '/shop/kiosks/7'),
      'checkout',
    ],
    ['a token', bearer('payments-client'), event('shop.Paid', '/shop/payments'), 'payments'],
    ['anybody on this machine', LOCAL, event('shop.Paid', '/shop/payments'), 'payments'],
  ] as const)('as %s publishes, and is stamped with its name', async (_who, context, one, producer) => {
    const { status, published } = await publish(context, [one]);
    expect(status).toBe(202);
    expect(published.map((sent) => sent.producer)).toEqual([producer]);
  });

  it.each([
    ['a role', session('somebody'), /^iam-[0-9a-f]{16}$/],
    ['a token', bearer('ada@example.com'), /^jwt-[0-9a-f]{16}$/],
    ['this machine', LOCAL, /^local$/],
    ['a route without an authorizer', {}, /^anonymous$/],
  ])(
    'that is not declared where none is, as %s, has a label that names nobody',
    async (_who, context, label) => {
      const { published } = await publish(context, [event('shop.Placed', '/any')], { producers: [] });
      expect(published[0]?.producer).toMatch(label);
    },
  );

  it('is a fairness group of its own on standard queues, unless the event names its tenant', async () => {
    const { published } = await publish(session('checkout'), [
      event('shop.Placed', '/shop/checkout'),
      event('shop.Placed', '/shop/checkout', { id: '2', partitionkey: 'order-1' }),
      event('shop.Placed', '/shop/checkout', { id: '3', tenant: 'acme' }),
    ]);
    expect(published.map((one, index) => entryOf(one, index, false).MessageGroupId)).toEqual([
      'checkout',
      'checkout',
      'acme',
    ]);
  });

  it('is in the log with the request and the ids, whole', async () => {
    const context = { ...bearer('ada@example.com'), requestId: 'request-1' };
    const { notes } = await publish(context, [event('shop.Placed', '/any')], { producers: [] });
    expect(notes).toMatchObject({
      principal: 'https://issuer.example.com#ada@example.com',
      apiRequestId: 'request-1',
      events: [{ eventId: '1', source: '/any' }],
    });
  });
});

describe('the declaration of a producer', () => {
  const declare = (change: object) => () => defineProducer({ ...checkout, ...change });

  it.each([
    ['a name with blanks', { name: 'Check out' }, /must be kebab-case/],
    ['no type', { types: [] }, /may publish nothing/],
    ['no source', { sources: [] }, /may publish nothing/],
    ['a type that only consumers emit', { types: [Reserved] }, /only consumers may emit/],
    ['the source of a consumer', { sources: ['/consumers/inventory'] }, /belongs to a consumer/],
    [
      'a source that is no URI-reference',
      { sources: ['not a source'] },
      /is not valid; write a URI-reference/,
    ],
    ['a star that means nothing', { sources: ['/shop*'] }, /is not valid; write a URI-reference/],
  ])('is refused with %s', (_what, change, message) => {
    expect(declare(change)).toThrow(message);
  });

  it('is read back from the environment as it was written', () => {
    expect(readProducerRules(JSON.stringify(RULES))).toEqual(RULES);
    expect(readProducerRules(undefined)).toEqual([]);
  });

  it.each(['{}', '[{"name":"x"}]', '[1]'])('that is not understood shuts the door: %s', (text) => {
    expect(() => readProducerRules(text)).toThrow(/deploy the bus again/);
  });
});
