/**
 * A short text that a regular expression lets through; undefined when the expression has something that is not understood here, such
 * as a lookahead that matters. The caller checks the text.
 */
export function textOfPattern(pattern: string): string | undefined {
  try {
    const reader = new PatternReader(pattern);
    const text = reader.alternatives();
    return reader.ended && new RegExp(pattern, 'u').test(text) ? text : undefined;
  } catch {
    // Not every expression can be read here, and an example is not worth a failure.
    return undefined;
  }
}

/** What stands for a class that is written with a backslash. */
const CLASSES: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a' };
const ORDINARY = [...'a1Az0-_ .~!'];

/** Reads an expression from left to right and writes the shortest text that goes with it, of the first alternative of each. */
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

  /** How often it has to be there at least. */
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
    const looks = this.#take('?') && !this.#take(':');
    if (looks) this.#next();
    const inner = this.alternatives();
    this.#next();
    // What follows is checked as a whole in the end.
    return looks ? '' : inner;
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

/** The first ordinary character that belongs to a class, or else the first that is written in it. */
function memberOf(source: string): string {
  const member = new RegExp(`[${source}]`, 'u');
  return [...ORDINARY, ...source].find((character) => member.test(character)) ?? '';
}
