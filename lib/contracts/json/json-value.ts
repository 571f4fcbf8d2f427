import { jsonPointer, type Problem } from '../text/problem.ts';

/** Maximum depth of JSON. No event needs more, and recursive readers could exceed their stack. */
export const MAX_JSON_DEPTH = 64;
/** Maximum number of problems that are kept for one value. A hostile value can have a million. */
export const MAX_JSON_PROBLEMS = 100;
/** Maximum length of the pointer to a value that is nested too deep. */
const SHOWN_DEPTH = 8;
/**
 * Characters that JSON text may contain and that SQS refuses. SQS accepts the characters of XML 1.0. JSON escapes all others, except these
 * two.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const REFUSED_BY_SQS = /[\uFFFE\uFFFF]/;

/** The result of inspecting a value. */
export interface Inspection {
  /** Values that cannot be sent on unchanged; at most {@link MAX_JSON_PROBLEMS}. */
  readonly problems: readonly Problem[];
  /** Number of members of all its objects together. */
  readonly members: number;
}

/**
 * Finds values that cannot be sent as JSON unchanged: lone surrogates, characters that SQS refuses, NaN and infinite numbers, values that
 * JSON does not have, `__proto__` keys, and nesting that is too deep. A `__proto__` key is legal JSON, but can change the prototype of an
 * object that it is copied to. A member that is undefined counts as absent, as in JSON.stringify.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7493 (I-JSON)
 */
export function inspectValue(value: unknown, maxDepth: number): Inspection {
  const walk = new Walk(maxDepth);
  walk.visit(value);
  return walk;
}

/** Walks through a value recursively, up to the maximum depth. It stores only the current path, so a wide value needs no more memory. */
class Walk implements Inspection {
  readonly problems: Problem[] = [];
  members = 0;
  readonly #maxDepth: number;
  readonly #path: PropertyKey[] = [];

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  visit(value: unknown): void {
    // Stops after the maximum number of problems: a value that contains itself twice would never end.
    if (this.problems.length >= MAX_JSON_PROBLEMS) return;
    if (typeof value === 'string') this.#visitText(value, 'has');
    else if (typeof value === 'number') this.#visitNumber(value);
    else if (typeof value === 'object') this.#visitObject(value);
    else if (typeof value !== 'boolean') this.#report(`is a ${typeof value}, which JSON does not have`);
  }

  #visitText(text: string, has: string): void {
    if (!text.isWellFormed()) this.#report(`${has} a lone surrogate, which is not a character`);
    else if (REFUSED_BY_SQS.test(text)) {
      this.#report(`${has} the character U+FFFE or U+FFFF, which SQS does not accept`);
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

  /** Visits a child in the form that JSON.stringify writes. */
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

/** Whether JSON.stringify writes an object with its members. For a Map, a Set or a RegExp it writes `{}`. */
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
