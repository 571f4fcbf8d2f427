import { uuidV5 } from '../../lib/contracts/uuid-v5.ts';
import type { Accepted, World } from './world.ts';

/** What must hold at the end of every run. Returns what does not, in words. */
export function findViolations(world: World): string[] {
  return [
    ...world.accepted.flatMap((event) => storyViolations(world, event)),
    ...world.premature.map((id) => `${id} was published before the effect that it tells of`),
    ...world.overlaps.map((id) => `${id} was handled twice at once, under a lease that had not run out`),
    ...world.turns.turnedAway.map((id) => `${id} lost an attempt by waiting for its turn`),
    ...rateViolations(world),
    ...emissionViolations(world),
    ...orderViolations(world),
  ];
}

function storyViolations(world: World, event: Accepted): string[] {
  const [first, second] = world.consumers;
  const identity = `/sim|${event.id}`;
  const answer = `/first|${uuidV5('first', identity, '0')}`;
  const found = effectsOf(world, 'first', identity);
  if (event.fate === 'hopeless') {
    const dead = first.queue.deadLetters.some(({ body }) => JSON.parse(body).id === event.id);
    return [
      ...(found === 0 ? [] : [`${event.id} can never succeed but has had ${found} effects`]),
      ...(dead ? [] : [`${event.id} can never succeed and is not in the dead-letter queue`]),
    ];
  }
  const then = effectsOf(world, 'second', answer);
  const left = [...first.queue.waiting, ...second.queue.waiting].length;
  return [
    ...(found === 1 ? [] : [`${event.id} has had ${found} effects with the first consumer`]),
    ...(then === 1 ? [] : [`the answer to ${event.id} has had ${then} effects with the second consumer`]),
    ...(left === 0 ? [] : [`${left} messages are still on their way at the end`]),
  ];
}

/** In no second do more handlers of a consumer begin than its limit allows, by the clocks of its instances. */
function rateViolations({ rateLimit, turns }: World): string[] {
  if (!rateLimit) return [];
  const { perSecond } = rateLimit;
  return [...turns.begun].flatMap(([consumer, times]) => {
    const inOrder = times.toSorted((a, b) => a - b);
    return inOrder.flatMap((at, index) => {
      const next = inOrder[index + perSecond] ?? Number.POSITIVE_INFINITY;
      // Sums of milliseconds and their parts are off by less than a thousandth.
      return next - at > 999.999
        ? []
        : [`${consumer} began ${perSecond + 1} handlers in ${(next - at).toFixed()} ms`];
    });
  });
}

/** Every published event tells of an effect, under the one id that it may have. */
function emissionViolations({ topic, accepted }: World): string[] {
  const expected = new Set(
    accepted.filter(({ fate }) => fate !== 'hopeless').map(({ id }) => uuidV5('first', `/sim|${id}`, '0')),
  );
  const strange = new Set(topic.published.map(({ id }) => id).filter((id) => !expected.has(id)));
  return [...strange].map((id) => `${id} was published, an id that no event may have`);
}

/** On FIFO queues, the effects of a message group happen in the order in which its events were sent. */
function orderViolations({ fifo, dynamodb, accepted }: World): string[] {
  if (!fifo) return [];
  // A Map keeps its keys in the order in which they came: that of the first effects.
  const happened = [...dynamodb.items('effects').keys()];
  const groups = Map.groupBy(accepted, ({ group }) => group);
  return [...groups].flatMap(([group, events]) => {
    const places = events.map(({ id }) => happened.indexOf(`first|/sim|${id}`)).filter((place) => place >= 0);
    const inOrder = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
    return inOrder
      ? []
      : [`the effects of group ${group} happened in another order than its events were sent`];
  });
}

function effectsOf({ dynamodb }: World, consumer: string, identity: string): number {
  return Number(dynamodb.items('effects').get(`${consumer}|${identity}`)?.effects?.N ?? 0);
}
