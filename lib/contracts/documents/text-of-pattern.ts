/**
 * A short text that a regular expression matches. Undefined when the reader does not support the expression, for example a lookahead that
 * changes the result. The caller has to check the text.
 */
export function textOfPattern(pattern: string): string | undefined {
  try {
    const reader = new PatternReader(pattern);
    const text = reader.alternatives();
    return reader.ended && new RegExp(pattern, 'u').test(text) ? text : undefined;
  } catch {
    // The expression is not supported. An example is optional, so this is not an error.
    return undefined;
  }
}

/** Example characters of classes that are written with a backslash. */
const CLASSES: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a' };
const ORDINARY = [...'a1Az0-_ .~!'];

/** Reads an expression from left to right and writes the shortest text that matches it, always with the first alternative. */
class PatternReader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#characters = [...pattern];
  }

  get ended(): boolean {
    return this.#at >= this.#characters.length;
  }

  alternatives(): string {
    const first = this.#sequence();
    while (this.#take('|')) this.#sequence();
    return first;
  }

  #sequence(): string {
    let text = '';
    while (!this.ended && !'|)'.includes(this.#peek())) text += this.#repeated();
    return text;
  }

  #repeated(): string {
    const one = this.#atom();
    const least = this.#quantifier();
    this.#take('?');
    return one.repeat(least);
  }

  /** Reads a quantifier: the minimum number of repetitions. */
  #quantifier(): number {
    if (this.#take('*') || this.#take('?')) return 0;
    if (this.#take('+') || !this.#take('{')) return 1;
    return Number.parseInt(this.#until('}'), 10);
  }

  #atom(): string {
    const character = this.#next();
    if (character === '^' || character === '$') return '';
    if (character === '.') return 'a';
    if (character === '(') return this.#group();
    if (character === '[') return this.#class();
    return character === '\\' ? this.#escape() : character;
  }

  #group(): string {
    const isLookaround = this.#take('?') && !this.#take(':');
    if (isLookaround) this.#next();
    const inner = this.alternatives();
    this.#next();
    // A lookaround is ignored here. The whole text is checked at the end.
    return isLookaround ? '' : inner;
  }

  #escape(): string {
    const character = this.#next();
    if (character === 'u') return this.#codePoint();
    if ('pP'.includes(character) && this.#take('{')) return memberOf(`\\${character}{${this.#until('}')}}`);
    if (character === 'b' || character === 'B') return '';
    return CLASSES[character] ?? character;
  }

  #codePoint(): string {
    const digits = this.#take('{')
      ? this.#until('}')
      : Array.from({ length: 4 }, () => this.#next()).join('');
    return String.fromCodePoint(Number.parseInt(digits, 16));
  }

  #class(): string {
    const start = this.#at;
    while (this.#peek() !== ']' || this.#at === start) if (this.#next() === '\\') this.#next();
    this.#next();
    const source = this.#characters.slice(start, this.#at - 1).join('');
    return memberOf(source);
  }

  #until(end: string): string {
    let text = '';
    for (let character = this.#next(); character !== end; character = this.#next()) text += character;
    return text;
  }

  #take(expected: string): boolean {
    if (this.#peek() !== expected) return false;
    this.#at++;
    return true;
  }

  #peek(): string {
    return this.#characters[this.#at] ?? '';
  }

  #next(): string {
    const character = this.#characters[this.#at++];
    if (character === undefined) throw new RangeError('the expression ends too early');
    return character;
  }
}

/** The first simple character that belongs to a class, or else the first character that is written in it. */
function memberOf(source: string): string {
  const member = new RegExp(`[${source}]`, 'u');
  return [...ORDINARY, ...source].find((character) => member.test(character)) ?? '';
}
