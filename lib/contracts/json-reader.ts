import { endOfString } from './json-string.ts';
import { MAX_JSON_PROBLEMS } from './json-value.ts';
import { keepsNumber } from './number-text.ts';
import { jsonPointer, type Problem } from './problem.ts';

/** Without the number itself: what is wrong with an event is logged, and its data is not. */
const ALTERED_NUMBER =
  'is a number that JavaScript would alter; one that must keep every digit is sent as a string, in a field that its contract says is one';
const BLANKS = /[ \t\r\n]*/y;
const SCALAR = /[^,\]} \t\r\n]+/y;

/** Reads a text that is known to be JSON: more slowly than JSON.parse, and it says where something would be altered. */
export class JsonReader {
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #path: PropertyKey[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Of members with one name the value has the last, as JSON.parse has it; every such name is among the problems. */
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

  /** With its quotation marks. */
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
      // Alone, a key is read right.
      const key = String(JSON.parse(this.#string()));
      this.#take(BLANKS);
      this.#at++;
      if (members.has(key)) repeated.add(key);
      members.set(key, this.#inside(key));
    });
    for (const key of repeated) this.#report('is there more than once in its object', [...this.#path, key]);
    return Object.fromEntries(members);
  }

  /** Calls back at each element or member, up to the bracket that ends them. */
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
