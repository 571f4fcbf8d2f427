import { jsonPointer, type Problem } from '../text/problem.ts';
import { endOfString } from './json-string.ts';
import { MAX_JSON_PROBLEMS } from './json-value.ts';
import { keepsNumber } from './number-text.ts';

/** The message does not contain the number, because problems are logged and data is not. */
const ALTERED_NUMBER =
  'is a number that JavaScript would change; send a number that must keep every digit as a string, in a field that is a string in its contract';
const BLANKS = /[ \t\r\n]*/y;
const SCALAR = /[^,\]} \t\r\n]+/y;

/** Reads a text that is valid JSON. It is slower than JSON.parse, but reports the values that JSON.parse would change. */
export class JsonReader {
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #path: PropertyKey[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads the value. If an object has a name more than once, the last member counts, as with JSON.parse, and the name is a problem. */
  read(): { readonly problems: readonly Problem[]; readonly value: unknown } {
    return { value: this.#value(), problems: this.problems };
  }

  #value(): unknown {
    this.#take(BLANKS);
    const first = this.#text.charAt(this.#at);
    const value = first === '{' ? this.#object() : first === '[' ? this.#array() : this.#scalar(first);
    this.#take(BLANKS);
    return value;
  }

  #scalar(first: string): unknown {
    if (first === '"') return JSON.parse(this.#string());
    const source = this.#take(SCALAR);
    if (/[\d-]/.test(first) && !keepsNumber(source)) this.#report(ALTERED_NUMBER, this.#path);
    return JSON.parse(source);
  }

  /** Reads a string with its quotation marks. */
  #string(): string {
    const start = this.#at;
    this.#at = endOfString(this.#text, start) + 1;
    return this.#text.slice(start, this.#at);
  }

  #array(): unknown[] {
    const elements: unknown[] = [];
    this.#each(() => elements.push(this.#inside(elements.length)));
    return elements;
  }

  #object(): object {
    const members = new Map<string, unknown>();
    const repeated = new Set<string>();
    this.#each(() => {
      // JSON.parse reads a single key correctly.
      const key = String(JSON.parse(this.#string()));
      this.#take(BLANKS);
      this.#at++;
      if (members.has(key)) repeated.add(key);
      members.set(key, this.#inside(key));
    });
    for (const key of repeated) this.#report('is in its object more than once', [...this.#path, key]);
    return Object.fromEntries(members);
  }

  /** Calls back for each element or member, up to the closing bracket. */
  #each(callback: () => void): void {
    this.#at++;
    this.#take(BLANKS);
    while (!']}'.includes(this.#text.charAt(this.#at))) {
      callback();
      if (this.#text.charAt(this.#at) === ',') this.#at++;
      this.#take(BLANKS);
    }
    this.#at++;
  }

  #inside(key: PropertyKey): unknown {
    this.#path.push(key);
    const value = this.#value();
    this.#path.pop();
    return value;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [taken = ''] = pattern.exec(this.#text) ?? [];
    this.#at += taken.length;
    return taken;
  }

  #report(detail: string, path: readonly PropertyKey[]): void {
    if (this.problems.length < MAX_JSON_PROBLEMS) this.problems.push({ pointer: jsonPointer(path), detail });
  }
}
