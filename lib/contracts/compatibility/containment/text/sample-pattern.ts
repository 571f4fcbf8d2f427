/** Characters that are tried for a class of characters, the plain ones first. */
const ALPHABET = [
  ...'a0A-_. bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ123456789!"#$%&\'()*+,/:;<=>?@[\\]^`{|}~\t\n',
  ...'éßЖ漢😀',
];

const QUANTIFIERS = /^(?:\*|\+|\?|\{(\d+)(,?)(\d*)\})\??/;

type Pick = (count: number) => number;

/** Writes text; the argument picks among alternatives and numbers of repetitions. */
type Writer = (pick: Pick) => string;

/**
 * Texts that may match a pattern, the shortest kind first. They are candidates: what looks ahead or behind is not regarded, and each
 * has to be tested. None for a pattern that is not understood, such as one with a back-reference.
 */
export function samplePattern({ source, flags }: RegExp): readonly string[] {
  const reader = new PatternReader(source, flags);
  const write = reader.read();
  if (!write) return [];
  const picks: readonly Pick[] = [() => 0, (count) => count - 1, ...[1, 2, 3, 4, 5, 6, 7, 8].map(pickBy)];
  return [...new Set(picks.map(write))];
}

/** A small generator of Lehmer: the same each time. */
function pickBy(seed: number): Pick {
  let state = seed * 7919;
  return (count) => {
    state = (state * 48271) % 2147483647;
    return state % count;
  };
}

class PatternReader {
  readonly #source: string;
  readonly #flags: string;
  #at = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
  }

  read(): Writer | undefined {
    const write = this.#alternatives();
    return this.#at === this.#source.length ? write : undefined;
  }

  #alternatives(): Writer | undefined {
    const all = [this.#sequence()];
    while (this.#takes('|')) all.push(this.#sequence());
    const writers = all.filter((one) => one !== undefined);
    if (writers.length < all.length) return undefined;
    return (pick) => writers[pick(writers.length)]?.(pick) ?? '';
  }

  #sequence(): Writer | undefined {
    const writers: Writer[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      const atom = this.#atom();
      if (!atom) return undefined;
      writers.push(this.#repeated(atom));
    }
    return (pick) => writers.map((write) => write(pick)).join('');
  }

  #repeated(write: Writer): Writer {
    const [text, least, comma, most] = QUANTIFIERS.exec(this.#source.slice(this.#at)) ?? [];
    if (text === undefined) return write;
    this.#at += text.length;
    const min = least === undefined ? (text.startsWith('+') ? 1 : 0) : Number(least);
    const limit =
      text.startsWith('?') || comma === '' ? (least === undefined ? 1 : min) : Number(most || min + 6);
    return (pick) => Array.from({ length: min + pick(limit - min + 1) }, () => write(pick)).join('');
  }

  #atom(): Writer | undefined {
    if (this.#takes('^') || this.#takes('$') || this.#takes('\\b') || this.#takes('\\B')) return () => '';
    if (this.#takes('(')) return this.#group();
    const text = this.#characters();
    return text === undefined ? undefined : this.#oneOf(text);
  }

  #group(): Writer | undefined {
    const looks = ['?=', '?!', '?<=', '?<!'].some((opening) => this.#takes(opening));
    if (!looks && !this.#takes('?:')) {
      const name = /^\?<[^>]+>/.exec(this.#source.slice(this.#at));
      this.#at += name?.[0].length ?? 0;
    }
    const write = this.#alternatives();
    if (!this.#takes(')')) return undefined;
    return looks ? () => '' : write;
  }

  /** The part of the pattern that stands for one character. */
  #characters(): string | undefined {
    const rest = this.#source.slice(this.#at);
    const [text] =
      /^\[(?:\\[\s\S]|[^\]\\])*\]/.exec(rest) ??
      /^\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|[^1-9k])/.exec(rest) ??
      /^[^\\[]/u.exec(rest) ??
      [];
    this.#at += text?.length ?? 0;
    return text;
  }

  #oneOf(text: string): Writer | undefined {
    const matches = new RegExp(`^${text}$`, this.#flags);
    const literal = [...text].length === 1 && text !== '.' ? [text] : [];
    const characters = [...literal, ...ALPHABET].filter((character) => matches.test(character));
    return characters.length > 0 ? (pick) => characters[pick(characters.length)] ?? '' : undefined;
  }

  #takes(text: string): boolean {
    const isThere = this.#source.startsWith(text, this.#at);
    if (isThere) this.#at += text.length;
    return isThere;
  }
}
