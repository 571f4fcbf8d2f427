import * as z from 'zod';
import { alternativesOf, namesOf, type Part, propertyOf, valueIn, whenAbsent } from './schema-parts.ts';

/** What a single JSON value can be. */
export type ValueKind = 'string' | 'number' | 'boolean' | 'null';

const KINDS: readonly ValueKind[] = ['string', 'number', 'boolean', 'null'];

/** The numbers that a schema takes. */
export interface NumberRange {
  readonly lowest: number;
  readonly highest: number;
  /** What they are multiples of; 0 when they may be any. */
  readonly step: number;
}

/** What can be at a path of data that keeps a schema: on the wire, and for the handler. */
export interface ValueAtPath {
  /** The single values. None when the path leads nowhere. */
  readonly kinds: ReadonlySet<ValueKind>;
  /** Whether a string may be empty. */
  readonly mayBeEmpty: boolean;
  readonly numbers: readonly NumberRange[];
  /** Whether a list or an object may be there in the place of a single value, or a list on the way to it. */
  readonly others: ReadonlySet<'list' | 'object'>;
  /**
   * What the handler may get when the wire has nothing there: undefined, or the defaults of the field and of what is around it. Empty
   * when such data is refused.
   */
  readonly missing: readonly unknown[];
  /** Whether the wire may have a value there that the handler does not get, for zod drops what a schema does not name. */
  readonly mayBeDropped: boolean;
  /** Whether the handler may get another text than the wire has: zod takes blanks and line breaks out of a URL. */
  readonly mayBeCleaned: boolean;
  /** A property of the data whose name has dots, which a filter cannot tell from this path. */
  readonly dotted: string | undefined;
}

/** Says what can be at a path: names of properties with dots between them. */
export function valueAtPath(schema: z.core.$ZodType, path: string): ValueAtPath {
  const walk = new Walk();
  walk.visit(schema, path.split('.'), whenAbsent(schema));
  return walk;
}

/** What a JSON value is, if it is a single one. */
export function kindOf(value: unknown): ValueKind | undefined {
  const kind = value === null ? 'null' : typeof value;
  return KINDS.find((one) => one === kind);
}

type Named = Extract<ReturnType<typeof propertyOf>, { readonly schema: z.core.$ZodType }>;

class Walk implements ValueAtPath {
  readonly kinds = new Set<ValueKind>();
  mayBeEmpty = false;
  readonly numbers: NumberRange[] = [];
  readonly others = new Set<'list' | 'object'>();
  readonly missing: unknown[] = [];
  mayBeDropped = false;
  mayBeCleaned = false;
  dotted: string | undefined;

  visit(schema: z.core.$ZodType, path: readonly string[], absent: readonly unknown[]): void {
    this.missing.push(...absent.map((value) => valueIn(value, path)));
    for (const parts of alternativesOf(schema)) {
      const [name, ...rest] = path;
      if (name === undefined) for (const part of parts) this.#visitValue(part);
      else this.#visitProperty(parts, name, rest);
    }
  }

  #visitProperty(parts: readonly Part[], name: string, rest: readonly string[]): void {
    if (parts.some(isList)) this.others.add('list');
    const path = [name, ...rest].join('.');
    this.dotted ??= parts
      .flatMap(namesOf)
      .find((one) => one.includes('.') && `${path}.`.startsWith(`${one}.`));
    const said = parts.flatMap((part) => propertyOf(part, name) ?? []);
    const named = said.flatMap((property) => ('schema' in property ? [property] : []));
    this.#visitNamed(named, rest);
    if (named.length > 0) return;
    // Null, a number, an object without it: for the handler there is nothing at the path.
    if (!parts.some(({ _zod }) => _zod.def.type === 'never')) this.missing.push(undefined);
    if (
      said.length > 0 &&
      said.every((property) => 'unnamed' in property && property.unnamed === 'dropped')
    ) {
      this.mayBeDropped = true;
    }
  }

  /** Sides of an intersection that have the same property are read together: what one drops within it the other may name. */
  #visitNamed(named: readonly Named[], rest: readonly string[]): void {
    const [first, ...others] = named;
    if (!first) return;
    const schema = others.reduce<z.core.$ZodType>(
      (one, other) => z.intersection(one, other.schema),
      first.schema,
    );
    // Refused by one is refused, and what one fills in the handler gets.
    const isRefused = named.some(({ absent }) => absent.length === 0);
    const absent = isRefused ? [] : named.flatMap((one) => one.absent);
    const filledIn = absent.filter((value) => valueIn(value, rest) !== undefined);
    this.visit(schema, rest, filledIn.length > 0 && named.length > 1 ? filledIn : absent);
  }

  #visitValue(part: Part): void {
    const { def } = part._zod;
    switch (def.type) {
      case 'array':
      case 'tuple':
        this.others.add('list');
        break;
      case 'object':
      case 'record':
        this.others.add('object');
        break;
      case 'any':
      case 'unknown':
        for (const kind of KINDS) this.kinds.add(kind);
        for (const other of ['list', 'object'] as const) this.others.add(other);
        this.mayBeEmpty = true;
        this.numbers.push({ lowest: -Infinity, highest: Infinity, step: 0 });
        break;
      default:
        this.#visitSingle(part);
    }
  }

  #visitSingle(part: Part): void {
    const { def } = part._zod;
    if (def.type === 'enum' || def.type === 'literal') {
      for (const value of part._zod.values ?? []) this.#add(kindOf(value), value);
    } else if (def.type === 'template_literal') {
      this.#add('string', undefined);
    } else {
      this.#add(
        KINDS.find((kind) => kind === def.type),
        undefined,
      );
      if (def.type === 'number') this.numbers.push(rangeOf(part));
      this.mayBeCleaned ||= isUrl(part);
    }
    this.mayBeEmpty ||= z.safeParse(part, '').success;
  }

  #add(kind: ValueKind | undefined, value: unknown): void {
    if (kind) this.kinds.add(kind);
    // Of 0 there are no multiples: it has no decimals, as 1 has none.
    if (typeof value === 'number') this.numbers.push({ lowest: value, highest: value, step: value || 1 });
  }
}

function isList({ _zod: { def } }: Part): boolean {
  // What may be anything may be a list.
  return ['array', 'tuple', 'any', 'unknown'].includes(def.type);
}

/** Whether it is read by `new URL()`, which takes more than it gives. */
function isUrl({ _zod: { def } }: Part): boolean {
  if (def.type !== 'string') return false;
  const formats = (def.checks ?? []).map((check) =>
    'format' in check._zod.def ? check._zod.def.format : undefined,
  );
  return formats.includes('url') || ('format' in def && def.format === 'url');
}

/** zod's own account of the checks of a number. */
function rangeOf(part: Part): NumberRange {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = z.toJSONSchema(part);
  return {
    lowest: Math.max(minimum ?? -Infinity, Number(exclusiveMinimum ?? -Infinity)),
    highest: Math.min(maximum ?? Infinity, Number(exclusiveMaximum ?? Infinity)),
    step: multipleOf ?? (type === 'integer' ? 1 : 0),
  };
}
