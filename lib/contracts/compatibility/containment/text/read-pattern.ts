/** Characters that are tried for a character class, simple ones first. */
const ALPHABET = [
  ...'a0A-_. bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ123456789!"#$%&\'()*+,/:;<=>?@[\\]^`{|}~\t\n',
  ...'éßЖ漢😀',
];

const QUANTIFIERS = /^(?:\*|\+|\?|\{(\d+)(,?)(\d*)\})\??/;

/** One UTF-16 unit of a surrogate pair. */
const SURROGATE = /[\ud800-\udfff]/;
/** Two escapes that are one character with the flag `u`. */
const SURROGATE_PAIR = /^\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}/;
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;

type Pick = (count: number) => number;

/** Writes a text. `pick` chooses among alternatives and numbers of repetitions. */
type Writer = (pick: Pick) => string;

/** A part of a pattern: how to write its texts, and their lengths in Unicode code points. */
interface Part {
  readonly write: Writer;
  readonly min: number;
  readonly max: number;
}

/** What is known about the texts of a pattern. */
export interface PatternTexts {
  /**
   * Texts that may match, the shortest first. Each has to be tested, because lookaheads and lookbehinds are ignored.
   */
  readonly samples: () => readonly string[];
  /** Minimum length of a matching text, in Unicode code points. */
  readonly min: number;
  /** Maximum length of a matching text, in Unicode code points. */
  readonly max: number;
}

/** Reads a pattern. For a pattern that it does not understand, such as one with a back-reference, it has no samples and no length limits. */
export function readPattern({ source, flags }: RegExp): PatternTexts {
  const part = new PatternReader(source, flags).read();
  if (!part) return { samples: () => [], min: 0, max: Number.POSITIVE_INFINITY };
  const picks: readonly Pick[] = [() => 0, (count) => count - 1, ...[1, 2, 3, 4, 5, 6, 7, 8].map(pickBy)];
  // Without anchors at both ends, a text can have more characters around the match. Alternatives may have their own anchors.
  const isWhole =
    source.startsWith('^') && source.endsWith('$') && !source.includes('|') && !source.endsWith('\\$');
  // Without the flag `u`, a character outside the basic plane counts as two, and a quantifier repeats only the second one.
  const isCounted = flags.includes('u') || !SURROGATE.test(source);
  return {
    samples: () => [...new Set(picks.map(part.write))],
    min: isCounted ? Math.ceil(part.min) : 0,
    max: isWhole && isCounted ? part.max : Number.POSITIVE_INFINITY,
  };
}

/** A small pseudorandom generator (Lehmer). The same seed gives the same numbers. */
function pickBy(seed: number): Pick {
  let state = seed * 7919;
  return (count) => {
    state = (state * 48271) % 2147483647;
    return state % count;
  };
}

/** Maximum extra repetitions in a sample. */
const MAX_REPEATED = 6;

const NOTHING: Part = { write: () => '', min: 0, max: 0 };

class PatternReader {
  readonly #source: string;
  readonly #flags: string;
  #at = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
  }

  read(): Part | undefined {
    const part = this.#alternatives();
    return this.#at === this.#source.length ? part : undefined;
  }

  #alternatives(): Part | undefined {
    const all = [this.#sequence()];
    while (this.#takes('|')) all.push(this.#sequence());
    const parts = all.filter((one) => one !== undefined);
    if (parts.length < all.length) return undefined;
    return {
      write: (pick) => parts[pick(parts.length)]?.write(pick) ?? '',
      min: Math.min(...parts.map(({ min }) => min)),
      max: Math.max(...parts.map(({ max }) => max)),
    };
  }

  #sequence(): Part | undefined {
    const parts: Part[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      const atom = this.#atom();
      if (!atom) return undefined;
      parts.push(this.#repeated(atom));
    }
    return {
      write: (pick) => parts.map(({ write }) => write(pick)).join(''),
      min: parts.reduce((sum, { min }) => sum + min, 0),
      max: parts.reduce((sum, { max }) => sum + max, 0),
    };
  }

  #repeated({ write, min, max }: Part): Part {
    const [text, least, comma, most] = QUANTIFIERS.exec(this.#source.slice(this.#at)) ?? [];
    if (text === undefined) return { write, min, max };
    this.#at += text.length;
    const from = least === undefined ? (text.startsWith('+') ? 1 : 0) : Number(least);
    const isFixed = comma === '' && least !== undefined;
    const to = text.startsWith('?') ? 1 : isFixed ? from : most ? Number(most) : Number.POSITIVE_INFINITY;
    const limit = Math.min(to, from + MAX_REPEATED);
    return {
      write: (pick) => Array.from({ length: from + pick(limit - from + 1) }, () => write(pick)).join(''),
      min: min * from,
      max: max === 0 ? 0 : max * to,
    };
  }

  #atom(): Part | undefined {
    if (this.#takes('^') || this.#takes('$') || this.#takes('\\b') || this.#takes('\\B')) return NOTHING;
    if (this.#takes('(')) return this.#group();
    const text = this.#characters();
    const write = text === undefined ? undefined : this.#oneOf(text);
    return write && { write, min: this.#leastLength(text ?? ''), max: 1 };
  }

  /** The minimum length of one character of the pattern. Without the flag `u`, a surrogate counts as half a code point. */
  #leastLength(text: string): number {
    if (this.#flags.includes('u')) return 1;
    const matches = new RegExp(`^${text}$`, this.#flags);
    const isHalf = ESCAPED_SURROGATE.test(text) || ['\ud83d', '\ude00'].some((unit) => matches.test(unit));
    return isHalf ? 0.5 : 1;
  }

  #group(): Part | undefined {
    const isLookaround = ['?=', '?!', '?<=', '?<!'].some((opening) => this.#takes(opening));
    if (!isLookaround && !this.#takes('?:')) {
      const name = /^\?<[^>]+>/.exec(this.#source.slice(this.#at));
      this.#at += name?.[0].length ?? 0;
      // Flags of a group, such as (?i:...), are not supported.
      if (this.#source[this.#at] === '?') return undefined;
    }
    const part = this.#alternatives();
    if (!this.#takes(')')) return undefined;
    return isLookaround ? NOTHING : part;
  }

  /** Reads the part of the pattern that matches one character. */
  #characters(): string | undefined {
    const rest = this.#source.slice(this.#at);
    const [text] =
      /^\[(?:\\[\s\S]|[^\]\\])*\]/.exec(rest) ??
      (this.#flags.includes('u') ? SURROGATE_PAIR.exec(rest) : undefined) ??
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
