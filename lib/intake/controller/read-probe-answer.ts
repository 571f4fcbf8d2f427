import type { ProbeAnswer } from '../../contracts/delivery/probe.ts';
import { clipText } from '../../contracts/text/clip-text.ts';
import type { Probed } from './controller-ports.ts';

const MAX_KEY_CHARACTERS = 200;
const ANSWERS: ReadonlySet<unknown> = new Set<ProbeAnswer>(['passed', 'failed', 'undecided']);

/**
 * Reads what a consumer answers to a probe.
 *
 * @param messageId of the message that it was given
 * @throws TypeError when it is no answer of the runtime. It says of what kind it is, and no value of it: that may be a customer's data
 */
export function readProbeAnswer(text: string, messageId: string): Probed {
  const value = parse(text);
  if (!isAnswer(value)) throw noAnswer(kindOf(value));
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error of the parser would quote the text.
    throw noAnswer(`${text.length} characters that are no JSON`);
  }
}

function noAnswer(what: string): TypeError {
  return new TypeError(`the consumer has answered ${what}, which is not an answer to a probe`);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return `an object with the keys ${clipText(Object.keys(value).join(', '), MAX_KEY_CHARACTERS) || '(none)'}`;
}
