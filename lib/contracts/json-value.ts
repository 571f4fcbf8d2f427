import { jsonPointer, type Problem } from './problem.ts';

/** Deeper JSON than this is refused: no event needs it, and recursive readers downstream would run out of stack. */
export const MAX_JSON_DEPTH = 64;
/** Problems that are kept of one value: a hostile one can have a million. */
export const MAX_JSON_PROBLEMS = 100;
/** How much of the way to what is nested too deep is said. */
const SHOWN_DEPTH = 8;
/**
 * What JSON text may hold and SQS refuses. It takes what XML 1.0 takes; of the rest, JSON escapes all but these two.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const REFUSED_BY_SQS = /[\uFFFE\uFFFF]/;

/** What was found in a value. */
export interface Inspection {
  /** What cannot be sent on unchanged; the first {@link MAX_JSON_PROBLEMS}. */
  readonly problems: readonly Problem[];
  /** How many members its objects have, all together. */
  readonly members: number;
}

/**
 * Looks for what cannot travel as JSON and arrive as it was: text that is no Unicode or that SQS refuses, numbers that are
 * none, values that JSON does not have, a `__proto__` key (legal JSON, but a way to change other people's objects when it is
 * copied carelessly), and too deep a nesting. A member that is undefined counts as absent, as it does for JSON.stringify.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7493 (I-JSON)
 */
export function inspectValue(value: unknown, maxDepth: number): Inspection {
  const walk = new Walk(maxDepth);
  walk.visit(value);
  return walk;
}

/** Recursive, but no deeper than is allowed; and it keeps nothing but the path that it is on, however wide the value. */
class Walk implements Inspection {
  readonly problems: Problem[] = [];
  members = 0;
  readonly #maxDepth: number;
  readonly #path: PropertyKey[] = [];

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  visit(value: unknown): void {
    // Enough has been found: a value that holds itself twice would never end.
    if (this.problems.length >= MAX_JSON_PROBLEMS) return;
    if (typeof value === 'string') this.#visitText(value, 'has');
    else if (typeof value === 'number') this.#visitNumber(value);
    else if (typeof value === 'object') this.#visitObject(value);
    else if (typeof value !== 'boolean') this.#report(`is a ${typeof value}, which JSON does not have`);
  }

  #visitText(text: string, has: string): void {
    if (!text.isWellFormed()) this.#report(`${has} half of a surrogate pair, which is no character`);
    else if (REFUSED_BY_SQS.test(text)) {
      this.#report(`${has} the character U+FFFE or U+FFFF, which SQS does not take`);
    }
  }

  #visitNumber(value: number): void {
    if (Number.isNaN(value)) this.#report('is NaN, which JSON does not have');
    else if (!Number.isFinite(value)) this.#report('is a number that is too large');
  }

  #visitObject(value: object | null): void {
    if (value === null) return;
    if (this.#path.length >= this.#maxDepth) {
      this.#report(`is nested deeper than ${MAX_JSON_DEPTH} levels`, this.#path.slice(0, SHOWN_DEPTH));
    } else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) this.#enter(index, value[index]);
    } else if (isRecord(value)) {
      this.#visitMembers(value);
    } else {
      this.#report(`is ${nameOfKind(value)}, which JSON does not have`);
    }
  }

  #visitMembers(value: Readonly<Record<string, unknown>>): void {
    for (const key of Object.keys(value)) {
      const child = value[key];
      if (child === undefined) continue;
      this.members++;
      this.#enter(key, child);
    }
  }

  /** A child counts as what JSON.stringify writes for it. */
  #enter(key: PropertyKey, child: unknown): void {
    this.#path.push(key);
    if (key === '__proto__') this.#report('is a key that is not allowed');
    else if (typeof key === 'string') this.#visitText(key, 'is a key that has');
    this.visit(hasToJson(child) ? child.toJSON(String(key)) : child);
    this.#path.pop();
  }

  #report(detail: string, path: readonly PropertyKey[] = this.#path): void {
    this.problems.push({ pointer: jsonPointer(path).toWellFormed(), detail });
  }
}

function hasToJson(value: unknown): value is { toJSON(key: string): unknown } {
  return (
    typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function'
  );
}

/** An object that JSON.stringify writes with its members: not a Map, a Set, a RegExp, of which it writes `{}`. */
function isRecord(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || tagOf(value) === '[object Object]';
}

function nameOfKind(value: object): string {
  return `a ${tagOf(value).slice('[object '.length, -1)}`;
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value);
}
