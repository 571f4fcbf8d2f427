/** A piece of an expression or a statement: a word, a quoted name, a placeholder, a literal or a sign. */
export type Token = string;

const TOKEN = /\s*("[^"]*"|'[^']*'|[:#]?[A-Za-z_][\w.]*(?:\[\d+\])?|-?\d+|<>|<=|>=|[()=<>,+\-?{}:])/y;

/** Splits text into tokens, to be taken one by one. */
export class Tokens {
  readonly #all: readonly Token[];
  readonly #text: string;
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#all = tokenize(text);
  }

  get done(): boolean {
    return this.#next >= this.#all.length;
  }

  /** The next token in upper case, so that keywords compare without regard to case. */
  get keyword(): string {
    return (this.#all[this.#next] ?? '').toUpperCase();
  }

  take(): Token {
    const token = this.#all[this.#next];
    if (token === undefined) throw new SyntaxError(`unexpected end of '${this.#text}'`);
    this.#next += 1;
    return token;
  }

  /** Takes the next token when it is this keyword. */
  accept(keyword: string): boolean {
    if (this.keyword !== keyword) return false;
    this.#next += 1;
    return true;
  }

  expect(keyword: string): void {
    if (!this.accept(keyword))
      throw new SyntaxError(`expected ${keyword} before '${this.keyword}' in '${this.#text}'`);
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match?.[1]) throw new SyntaxError(`cannot read '${text.slice(at)}'`);
    tokens.push(match[1]);
  }
  return tokens;
}
