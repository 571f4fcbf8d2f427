import { workOff } from './work-off.ts';

/**
 * A backlog of events that all write to a few hot items: how many die of it (none should), and how many transactions an
 * event costs. A transaction holds its items for 20 ms, and another that wants one of them meanwhile is cancelled, as in
 * DynamoDB. The time is simulated, so the figures are the same every time.
 *
 *     node bench/contention/run.ts
 */
const EVENTS = 5_000;
const HELD_MS = 20;
const ITEMS = [1, 2, 4, 16, 64, EVENTS];

console.log(
  `| items written to | dead of ${EVENTS} | transactions per event | deliveries per event | seconds |`,
);
console.log('|---|---|---|---|---|');
for (const items of ITEMS) {
  const { dead, effects, transactions, deliveries, seconds } = await workOff({
    events: EVENTS,
    items,
    heldMs: HELD_MS,
  });
  if (effects + dead !== EVENTS) throw new Error(`${effects} effects and ${dead} dead of ${EVENTS} events`);
  const perEvent = [transactions, deliveries].map((count) => (count / EVENTS).toFixed(2));
  console.log(`| ${items} | ${dead} | ${perEvent.join(' | ')} | ${seconds.toFixed(0)} |`);
}
