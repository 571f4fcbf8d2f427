import type { Clock } from '../../aws/clock.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import { withinTime } from '../deadline.ts';
import { ConflictingEventError } from '../errors.ts';
import { conflict } from '../handling/repetition.ts';
import type { LeaseContext } from '../idempotency/lease-context.ts';
import { settleAll } from '../idempotency/settle.ts';
import type { Settlement, Verdict } from '../idempotency/settlement.ts';
import type { BatchItem, Outcome } from './batch-item.ts';
import type { BatchRun } from './batch-run.ts';
import type { ConsumerSetup } from './consumer-setup.ts';
import { outboxOf, type Publication, publishOutboxes } from './outbox.ts';
import { partition } from './partition.ts';

/**
 * Settles handled events: publishes emitted events, and writes to each record how its event ended. Events with nothing to publish are
 * settled at once and do not wait for the topic.
 *
 * Then it sets each outcome by what the record says: a failed event that another invocation has finished is a duplicate, and an event
 * that could not be settled is delivered again.
 *
 * @param limits epoch milliseconds at which publishing and settling have to end
 */
export async function settleItems(
  setup: ConsumerSetup,
  run: BatchRun,
  items: readonly BatchItem[],
  { publishedAt, settledAt }: { readonly publishedAt: number; readonly settledAt: number },
): Promise<void> {
  const [emitting, silent] = partition(items, (item) => outboxOf(item).length > 0);
  const settling: Settling = { clock: setup.ports.clock, leaseContext: run.leaseContext, until: settledAt };
  await Promise.all([
    settle(settling, silent, new Map()),
    publishOutboxes(setup.ports, emitting, publishedAt).then((publications) =>
      settle(settling, emitting, publications),
    ),
  ]);
}

interface Settling {
  readonly clock: Clock;
  readonly leaseContext: LeaseContext;
  /** Epoch milliseconds. */
  readonly until: number;
}

type Publications = ReadonlyMap<BatchItem, Publication>;

async function settle(
  settling: Settling,
  items: readonly BatchItem[],
  publications: Publications,
): Promise<void> {
  const settlements = items.flatMap((item) => settlementOf(item, publications.get(item)));
  const verdicts = await verdictsOf(settling, settlements);
  for (const item of items) applyVerdict(item, verdicts.get(item.facts.id), publications.get(item));
}

async function verdictsOf(
  { clock, leaseContext, until }: Settling,
  settlements: readonly Settlement[],
): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>();
  if (settlements.length === 0) return verdicts;
  const onVerdict = (id: string, verdict: Verdict): void => void verdicts.set(id, verdict);
  try {
    const settleThem = (): Promise<void> => settleAll(leaseContext, settlements, { until, onVerdict });
    await withinTime(clock, until, settleThem, 'the settlement');
  } catch (error) {
    // An event that may not be settled is delivered again. The next delivery reads its state from the record.
    const unavailable: Verdict = { status: 'unavailable', error: toError(error) };
    for (const { facts } of settlements) if (!verdicts.has(facts.id)) verdicts.set(facts.id, unavailable);
  }
  return verdicts;
}

function settlementOf(item: BatchItem, publication: Publication | undefined): Settlement[] {
  const { facts, claimed, startedAt, outcome } = item;
  const settlement = { facts, claimed, startedAt };
  switch (outcome?.status) {
    case 'completed':
    case 'committed': {
      const finished = outcome.status === 'committed' || outcome.committed;
      const emitted = publication?.types ?? [];
      // The record is already right when a committed event has no emitted events, or when they still have to be published.
      if (finished && (publication?.error || outcome.outbox.length === 0)) return [];
      if (publication?.error) return [{ ...settlement, status: 'committed', outbox: outcome.outbox }];
      return [{ ...settlement, status: finished ? 'published' : 'completed', emitted }];
    }
    case 'deadLettered':
      if (isConflict(outcome)) return [];
      // Its record already says why and since when it is dead.
      if (outcome.givenUpBefore) return [{ ...settlement, status: 'released' }];
      return [{ ...settlement, ...failureOf(item, outcome), dead: true }];
    case 'failed':
      return outcome.recorded ? [{ ...settlement, ...failureOf(item, outcome), dead: false }] : [];
    case 'released':
      return claimed ? [{ ...settlement, status: 'released', suspect: item.suspect }] : [];
    case 'duplicate':
    case 'erased':
    case 'leased':
    case undefined:
      return [];
    default:
      return outcome satisfies never;
  }
}

function failureOf(
  { attempt, endedAt }: BatchItem,
  { error, digests }: Outcome & { readonly status: 'failed' | 'deadLettered' },
) {
  return { status: 'failed', attempt, endedAt, error, digests } as const;
}

/** Sets the final outcome. The messages may be acknowledged, or sent to the dead-letter queue, only when the record allows it. */
function applyVerdict(
  item: BatchItem,
  verdict: Verdict | undefined,
  publication: Publication | undefined,
): void {
  const { outcome } = item;
  if (!outcome || outcome.status === 'released' || outcome.status === 'leased' || isConflict(outcome)) return;
  if (publication?.error) {
    // Whether or not the record has the effect, the emitted events still have to be published.
    if (verdict?.status === 'completed') item.outcome = finishedElsewhere(item, verdict);
    else item.outcome = failedUnrecorded(publication.error);
    return;
  }
  switch (verdict?.status) {
    case 'completed':
      if (outcome.status === 'failed' || outcome.status === 'deadLettered')
        item.outcome = finishedElsewhere(item, verdict);
      return;
    case 'committed':
      item.outcome = failedUnrecorded(new Error('the event is done, but its events are not published yet'));
      return;
    case 'leased':
      if (needsSettling(outcome)) item.outcome = { status: 'leased', untilMs: verdict.leaseUntil };
      return;
    case 'unavailable':
      if (needsSettling(outcome)) item.outcome = failedUnrecorded(notSettled(outcome, verdict.error));
      return;
    case 'settled':
    case undefined:
      return;
    default:
      verdict satisfies never;
  }
}

/** Whether the event differs from the event of its record. Then the record stays unchanged and says nothing about this event. */
function isConflict(outcome: Outcome): boolean {
  return outcome.status === 'deadLettered' && outcome.error instanceof ConflictingEventError;
}

/** The outcome of an event that has failed here and that another invocation has finished. */
function finishedElsewhere(
  { content }: BatchItem,
  { earlier }: Verdict & { readonly status: 'completed' },
): Outcome {
  return earlier ? conflict(content, earlier) : { status: 'duplicate' };
}

/**
 * Whether the record must be settled before the messages are acknowledged or sent to the dead-letter queue. A committed event does not
 * need it: the commit has written the record, and an outbox that stays in it is only published again.
 */
function needsSettling(outcome: Outcome): boolean {
  if (outcome.status === 'completed') return !outcome.committed;
  return outcome.status === 'deadLettered';
}

function notSettled(outcome: Outcome, cause: Error): Error {
  if (outcome.status === 'deadLettered') return outcome.error;
  return new Error('the event was handled, but its record could not be settled', { cause });
}

function failedUnrecorded(error: Error): Outcome {
  return { status: 'failed', error, recorded: false, digests: [] };
}
