import { UnknownRequest } from './errors.ts';

const TOKEN =
  /\s*("[^"]*"|'[^']*'|[:#][A-Za-z_0-9]+|[A-Za-z_][A-Za-z_0-9]*|\d+|<>|<=|>=|[()=<>,+\-?{}:.[\]])/y;

/** The pieces of an expression or of a PartiQL statement, to be taken one by one. */
export class Tokens {
  readonly #all: readonly string[];
  readonly #text: string;
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#all = split(text);
  }

  get done(): boolean {
    return this.#next >= this.#all.length;
  }

  /** The next piece in upper case, for keywords may be written in any case. */
  get keyword(): string {
    return (this.#all[this.#next] ?? '').toUpperCase();
  }

  /** Whether a `(` comes after the next piece, which is a function's name then. */
  get isCall(): boolean {
    return this.#all[this.#next + 1] === '(' && /^[a-z]/i.test(this.keyword);
  }

  take(): string {
    const token = this.#all[this.#next];
    if (token === undefined) throw this.unknown('something is missing at the end');
    this.#next += 1;
    return token;
  }

  /** Takes the next piece when it is this keyword. */
  accept(keyword: string): boolean {
    if (this.keyword !== keyword) return false;
    this.#next += 1;
    return true;
  }

  expect(keyword: string): void {
    if (!this.accept(keyword)) throw this.unknown(`expected ${keyword} before '${this.keyword}'`);
  }

  /** What to throw when the expression cannot be read. */
  unknown(what: string): UnknownRequest {
    return new UnknownRequest(`${what} in the expression '${this.#text}'`);
  }

  expectEnd(): void {
    if (!this.done) throw this.unknown(`'${this.keyword}' was not expected`);
  }
}

function split(text: string): string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match?.[1]) throw new UnknownRequest(`cannot read '${text.slice(at)}' of the expression '${text}'`);
    tokens.push(match[1]);
  }
  return tokens;
}
