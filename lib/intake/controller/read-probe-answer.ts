import type { ProbeAnswer } from '../../contracts/delivery/probe.ts';
import type { Probed } from './controller-ports.ts';

const ANSWERS: ReadonlySet<unknown> = new Set<ProbeAnswer>(['passed', 'failed', 'undecided']);

/**
 * Reads what a consumer answers to a probe.
 *
 * @param messageId of the message that it was given
 * @throws TypeError when it is no answer of the runtime
 */
export function readProbeAnswer(text: string, messageId: string): Probed {
  const value: unknown = JSON.parse(text);
  if (!isAnswer(value))
    throw new TypeError(`the consumer has answered ${text.slice(0, 200)}, which is none to a probe`);
  const { probe, batchItemFailures } = value;
  return {
    answer: probe,
    keeps: batchItemFailures.some(
      (failure: unknown) => Reflect.get(Object(failure), 'itemIdentifier') === messageId,
    ),
  };
}

function isAnswer(
  value: unknown,
): value is { readonly probe: ProbeAnswer; readonly batchItemFailures: readonly unknown[] } {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'probe' in value &&
    ANSWERS.has(value.probe) &&
    'batchItemFailures' in value &&
    Array.isArray(value.batchItemFailures)
  );
}
