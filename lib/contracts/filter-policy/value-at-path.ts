import * as z from 'zod';
import { alternativesOf, namesOf, type Part, propertyOf, valueIn, whenAbsent } from './schema-parts.ts';

/** The type of a single JSON value. */
export type ValueKind = 'string' | 'number' | 'boolean' | 'null';

const KINDS: readonly ValueKind[] = ['string', 'number', 'boolean', 'null'];

/** The numbers that a schema accepts. */
export interface NumberRange {
  readonly lowest: number;
  readonly highest: number;
  /** The step of which they are multiples; 0 when there is no step. */
  readonly step: number;
}

/** The values that can be at a path of data with a certain schema: on the wire, and for the handler. */
export interface ValueAtPath {
  /** The types of single values; empty when there is never a single value at the path. */
  readonly kinds: ReadonlySet<ValueKind>;
  /** Whether a string may be empty. */
  readonly mayBeEmpty: boolean;
  /** The ranges of numbers. */
  readonly numbers: readonly NumberRange[];
  /** `list` when the value or a part of the path may be a list, `object` when the value may be an object. */
  readonly others: ReadonlySet<'list' | 'object'>;
  /**
   * The values that the handler may get when the wire has no value: undefined, or the defaults of the field and of the objects around it.
   * Empty when such data is refused.
   */
  readonly missing: readonly unknown[];
  /** Whether the wire may have a value that the handler does not get, because zod removes fields that a schema does not name. */
  readonly mayBeDropped: boolean;
  /** Whether the handler may get another text than the wire has, because zod removes blanks and line breaks from a URL. */
  readonly mayBeCleaned: boolean;
  /** A property whose name has dots, so that a filter cannot distinguish it from this path. */
  readonly dotted: string | undefined;
}

/** Finds the values that can be at a path. @param path names of properties with dots between them */
export function valueAtPath(schema: z.core.$ZodType, path: string): ValueAtPath {
  const walk = new Walk();
  walk.visit(schema, path.split('.'), whenAbsent(schema));
  return walk;
}

/** The type of a JSON value; undefined when it is a list or an object. */
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
    const rules = parts.flatMap((part) => propertyOf(part, name) ?? []);
    const named = rules.flatMap((property) => ('schema' in property ? [property] : []));
    this.#visitNamed(named, rest);
    if (named.length > 0) return;
    // Null, a number, or an object without the property: the handler gets no value at the path.
    if (!parts.some(({ _zod }) => _zod.def.type === 'never')) this.missing.push(undefined);
    if (
      rules.length > 0 &&
      rules.every((property) => 'unnamed' in property && property.unnamed === 'dropped')
    ) {
      this.mayBeDropped = true;
    }
  }

  /** Visits a property that several sides of an intersection have. They are read together, because one side may name fields that the other removes. */
  #visitNamed(named: readonly Named[], rest: readonly string[]): void {
    const [first, ...others] = named;
    if (!first) return;
    const schema = others.reduce<z.core.$ZodType>(
      (one, other) => z.intersection(one, other.schema),
      first.schema,
    );
    // If one side refuses the absence, it is refused. If one side has a default, the handler gets it.
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
    // A step of 0 would mean any number. The number 0 has no decimals, so its step is 1.
    if (typeof value === 'number') this.numbers.push({ lowest: value, highest: value, step: value || 1 });
  }
}

function isList({ _zod: { def } }: Part): boolean {
  // `any` and `unknown` include lists.
  return ['array', 'tuple', 'any', 'unknown'].includes(def.type);
}

/** Whether zod reads a text with `new URL()`, which may change it. */
function isUrl({ _zod: { def } }: Part): boolean {
  if (def.type !== 'string') return false;
  const formats = (def.checks ?? []).map((check) =>
    'format' in check._zod.def ? check._zod.def.format : undefined,
  );
  return formats.includes('url') || ('format' in def && def.format === 'url');
}

/** The range of a number schema, from the JSON Schema that zod writes. */
function rangeOf(part: Part): NumberRange {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = z.toJSONSchema(part);
  return {
    lowest: Math.max(minimum ?? -Infinity, Number(exclusiveMinimum ?? -Infinity)),
    highest: Math.min(maximum ?? Infinity, Number(exclusiveMaximum ?? Infinity)),
    step: multipleOf ?? (type === 'integer' ? 1 : 0),
  };
}
