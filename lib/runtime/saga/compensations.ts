import type { EventContract } from '../../contracts/define-event.ts';
import type { SagaParts } from '../../contracts/saga/saga-definition.ts';
import type { SagaUndo } from '../../contracts/saga/saga-item.ts';
import { describeProblems } from '../../contracts/text/problem.ts';
import { MAX_MESSAGE_BYTES } from '../../publishing/topic/publish-chunks.ts';
import { UnreadableSagaError } from '../errors.ts';
import { MAX_OUTBOX_BYTES } from '../handling/emitted-events.ts';
import { copyOf } from './frozen.ts';

/** Bytes that an emitted event has beside its data: ids and other attributes, which may be long. */
const ENVELOPE_BYTES = 1_000;

/**
 * The compensations of a saga with one more.
 *
 * @throws TypeError when its data breaks the contract, or it could not be emitted, or not together with the others
 */
export function withUndo(
  undoes: readonly SagaUndo[],
  contract: EventContract,
  data: unknown,
): readonly SagaUndo[] {
  const { type: event, version } = contract;
  const copy = copyOf(data, `the data of ${event}`);
  // The event is emitted much later, when nobody can correct its data.
  const problems = contract.check(copy);
  if (problems.length > 0)
    throw new TypeError(
      `the saga undoes a move with ${event}, whose data breaks its contract: ${describeProblems(problems)}`,
    );
  const undo = { event, version, data: copy };
  if (bytesOf(undo) > MAX_MESSAGE_BYTES)
    throw new TypeError(
      `the saga undoes a move with ${event} of ${bytesOf(undo)} bytes, and undo could not emit it: an event has at most ${MAX_MESSAGE_BYTES}, and ${ENVELOPE_BYTES} are counted for what it has beside its data`,
    );
  const all = [...undoes, undo];
  const bytes = all.reduce((sum, one) => sum + bytesOf(one), 0);
  if (bytes <= MAX_OUTBOX_BYTES) return all;
  throw new TypeError(
    `the saga would have ${all.length} compensations of ${bytes} bytes together, and undo could not emit them: at most ${MAX_OUTBOX_BYTES} fit into the record of an event; undo several moves with one event`,
  );
}

function bytesOf({ data }: SagaUndo): number {
  return ENVELOPE_BYTES + Buffer.byteLength(JSON.stringify(data) ?? '');
}

/**
 * The event that a compensation emits. Its data is converted to the newest version of the event.
 *
 * @throws UnreadableSagaError when the definition no longer emits it, or the data cannot be converted
 */
export function undoing(
  { emits }: SagaParts,
  id: string,
  { event, version, data }: SagaUndo,
): { readonly contract: EventContract; readonly data: unknown } {
  const contract = emits.find(({ type }) => type === event);
  if (!contract)
    throw new UnreadableSagaError(
      `saga ${id} undoes a move with ${event}, which its definition no longer names under emits; name it again and deploy`,
    );
  if (version === undefined || version === contract.version) return { contract, data };
  try {
    return { contract, data: contract.upcast(version, data) };
  } catch (cause) {
    throw new UnreadableSagaError(
      `saga ${id} undoes a move with version ${version} of ${event}, which cannot be converted to version ${contract.version}: ${cause}; keep the version in 'earlier' of the event, deploy, and redrive the event`,
      { cause },
    );
  }
}
