import type { Problem } from '../../ops/problem.ts';

/** Version of the envelope. It increases when a field is removed or changes its meaning. */
const FORMAT = 1;

/**
 * Prints one answer of `--json`: `{ "fanfare": 1, "kind": ..., "at": ..., "data": ... }`.
 *
 * @param kind what `data` is, such as `status`; each kind has one shape
 * @param problems what could not be read, when `data` itself does not say it: a field of the envelope when there are any
 */
export function printJson(kind: string, data: unknown, problems: readonly Problem[] = []): void {
  const content = problems.length > 0 ? { data, problems } : { data };
  console.log(JSON.stringify(envelopeOf(kind, content), null, 2));
}

/** Prints one of many answers on a line of its own, in the same envelope, so that a reader can begin before the last is there. */
export function printJsonLine(kind: string, data: unknown): void {
  console.log(JSON.stringify(envelopeOf(kind, { data })));
}

/** Prints what has gone wrong: `{ "fanfare": 1, "kind": "error", "at": ..., "error": { "name", "message" } }`. */
export function printJsonError({ name, message }: Pick<Error, 'name' | 'message'>): void {
  console.log(JSON.stringify(envelopeOf('error', { error: { name, message } })));
}

function envelopeOf(kind: string, content: object): object {
  return { fanfare: FORMAT, kind, at: new Date().toISOString(), ...content };
}
