/** Characters that are tried for a class of characters, the plain ones first. */
const ALPHABET = [
  ...'a0A-_. bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ123456789!"#$%&\'()*+,/:;<=>?@[\\]^`{|}~\t\n',
  ...'éßЖ漢😀',
];

const QUANTIFIERS = /^(?:\*|\+|\?|\{(\d+)(,?)(\d*)\})\??/;

/** One of the two units that a character beyond the basic plane is made of: as such, or as an escape. */
const SURROGATE = /[\ud800-\udfff]/;
/** With the flag `u` two escapes are one character. */
const SURROGATE_PAIR = /^\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}/;
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;

type Pick = (count: number) => number;

/** Writes text; the argument picks among alternatives and numbers of repetitions. */
type Writer = (pick: Pick) => string;

/** A part of a pattern: how its texts are written, and how long they are, in characters (code points) of Unicode. */
interface Part {
  readonly write: Writer;
  readonly min: number;
  readonly max: number;
}

/** What is known of the texts of a pattern. */
export interface PatternTexts {
  /**
   * Texts that may match, the shortest kind first. They are candidates: what looks ahead or behind is not regarded, and each has to be
   * tested.
   */
  readonly samples: () => readonly string[];
  /** No text that matches is shorter, in characters of Unicode, */
  readonly min: number;
  /** or longer. */
  readonly max: number;
}

/** Reads a pattern; nothing is known of one that is not understood, such as one with a back-reference. */
export function readPattern({ source, flags }: RegExp): PatternTexts {
  const part = new PatternReader(source, flags).read();
  if (!part) return { samples: () => [], min: 0, max: Number.POSITIVE_INFINITY };
  const picks: readonly Pick[] = [() => 0, (count) => count - 1, ...[1, 2, 3, 4, 5, 6, 7, 8].map(pickBy)];
  // Without anchors, and with alternatives that may have anchors of their own, there can be more around what matches.
  const isWhole =
    source.startsWith('^') && source.endsWith('$') && !source.includes('|') && !source.endsWith('\\$');
  // Without the flag `u` a character beyond the basic plane is two, and only the second of them is repeated.
  const isCounted = flags.includes('u') || !SURROGATE.test(source);
  return {
    samples: () => [...new Set(picks.map(part.write))],
    min: isCounted ? Math.ceil(part.min) : 0,
    max: isWhole && isCounted ? part.max : Number.POSITIVE_INFINITY,
  };
}

/** A small generator of Lehmer: the same each time. */
function pickBy(seed: number): Pick {
  let state = seed * 7919;
  return (count) => {
    state = (state * 48271) % 2147483647;
    return state % count;
  };
}

/** As often as a sample repeats what may be repeated more often. */
const MOST_REPEATED = 6;

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
    const limit = Math.min(to, from + MOST_REPEATED);
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

  /** Without the flag `u`, what may be one of the two units of a character is half of one. */
  #leastLength(text: string): number {
    if (this.#flags.includes('u')) return 1;
    const matches = new RegExp(`^${text}$`, this.#flags);
    const isHalf = ESCAPED_SURROGATE.test(text) || ['\ud83d', '\ude00'].some((unit) => matches.test(unit));
    return isHalf ? 0.5 : 1;
  }

  #group(): Part | undefined {
    const looks = ['?=', '?!', '?<=', '?<!'].some((opening) => this.#takes(opening));
    if (!looks && !this.#takes('?:')) {
      const name = /^\?<[^>]+>/.exec(this.#source.slice(this.#at));
      this.#at += name?.[0].length ?? 0;
      // Flags of a part, such as (?i:...), are not understood.
      if (this.#source[this.#at] === '?') return undefined;
    }
    const part = this.#alternatives();
    if (!this.#takes(')')) return undefined;
    return looks ? NOTHING : part;
  }

  /** The part of the pattern that stands for one character. */
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
