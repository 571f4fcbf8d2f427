import { jsonPointer } from '../text/problem.ts';
import { arraySource } from './array-source.ts';
import { Nesting } from './nesting.ts';
import { numberSource } from './number-source.ts';
import { objectSource } from './object-source.ts';
import {
  type ForeignSchema,
  InexpressibleSchemaError,
  type Located,
  readEach,
  readObject,
  readText,
  refuseOthers,
} from './read-keywords.ts';
import { quote } from './source-text.ts';
import { stringSource } from './string-source.ts';
import {
  constSource,
  defaultSource,
  enumSource,
  metaSource,
  neverSource,
  typesSource,
} from './value-source.ts';

/** The schema of a version's data as source text of zod. */
export interface ZodSource {
  /** Constants that the data needs, in their order. */
  readonly constants: readonly { readonly name: string; readonly text: string }[];
  /** An expression, or the name of the last constant. */
  readonly data: string;
}

const ANNOTATIONS = ['title', 'description', 'examples', 'deprecated', '$comment'];
/** Keywords that Fanfare writes itself, and that are no annotation. */
const OWN_KEYWORDS = ['x-unicode', 'x-links', 'x-personal-subject', 'x-retired'];
const DEFINITION = /^#\/\$defs\/([^/]+)$/;
/** zod gives these names to definitions that have none. */
const NAMELESS = /^__schema\d+$/;

/**
 * Writes a JSON Schema as source text of zod. What zod makes of the text is the same JSON Schema.
 *
 * @param schema the schema of data, without the title and the description of its event
 * @param nameOf gives a constant a name that no other one has, from a suggestion such as `Money`
 * @throws InexpressibleSchemaError when there is no such text
 */
export function zodSource(schema: ForeignSchema, nameOf: (suggestion: string) => string): ZodSource {
  return new SourceWriter(schema, nameOf).write();
}

class SourceWriter {
  readonly #root: ForeignSchema;
  readonly #definitions: ForeignSchema;
  readonly #nameOf: (suggestion: string) => string;
  readonly #constants: { readonly name: string; readonly text: string }[] = [];
  /** Names of the constants, by the reference to them. A reference within its own schema is lazy. */
  readonly #names = new Map<string, string>();
  readonly #open = new Set<string>();
  readonly #nesting = new Nesting();

  constructor(schema: ForeignSchema, nameOf: (suggestion: string) => string) {
    const { $defs = {}, $schema: _, ...root } = schema;
    this.#root = root;
    this.#definitions = readObject($defs, '/$defs');
    this.#nameOf = nameOf;
  }

  write(): ZodSource {
    this.#open.add('#');
    const text = this.#schema(this.#root, '');
    const name = this.#names.get('#');
    if (name === undefined) return { constants: this.#constants, data: text };
    return { constants: [...this.#constants, { name, text }], data: name };
  }

  #schema(value: unknown, pointer: string): string {
    return this.#nesting.enter(pointer, () => this.#annotated(value, pointer));
  }

  /** Writes the schema of a field, or of an item. */
  readonly #inner = (value: unknown, pointer: string): string =>
    this.#nesting.within(() => this.#schema(value, pointer));

  #annotated(value: unknown, pointer: string): string {
    if (value === true) return 'z.unknown()';
    if (value === false) return 'z.never()';
    const { readOnly, default: initial, ...rest } = readObject(value, pointer);
    const isAnnotation = (keyword: string): boolean =>
      ANNOTATIONS.includes(keyword) || (keyword.startsWith('x-') && !OWN_KEYWORDS.includes(keyword));
    const [annotations, rules] = [
      Object.entries(rest).filter(([keyword]) => isAnnotation(keyword)),
      Object.fromEntries(Object.entries(rest).filter(([keyword]) => !isAnnotation(keyword))),
    ];
    return [
      this.#rules({ schema: rules, pointer }),
      readOnly === true ? '.readonly()' : '',
      initial === undefined ? '' : defaultSource(initial, `${pointer}/default`),
      metaSource(annotations, pointer),
    ].join('');
  }

  #rules(located: Located): string {
    const { schema, pointer } = located;
    if (schema.$ref !== undefined) return this.#reference(located);
    if (schema.not !== undefined) return neverSource(located);
    if (schema.const !== undefined) return constSource(located);
    if (schema.enum !== undefined) return enumSource(located);
    if (Array.isArray(schema.type)) return typesSource(located);
    if (schema.type !== undefined) return this.#typed(located);
    if (schema.anyOf !== undefined) return this.#union(located);
    if (schema.oneOf !== undefined) return `z.xor([${this.#all(located, 'oneOf').join(', ')}])`;
    if (schema.allOf !== undefined) {
      const [first = 'z.unknown()', ...others] = this.#all(located, 'allOf');
      return first + others.map((other) => `.and(${other})`).join('');
    }
    refuseOthers({ schema, pointer }, []);
    return 'z.unknown()';
  }

  #typed(located: Located): string {
    const { schema, pointer } = located;
    switch (schema.type) {
      case 'string':
        return stringSource(located);
      case 'integer':
      case 'number':
        return numberSource(located);
      case 'object':
        return objectSource(located, this.#inner);
      case 'array':
        return arraySource(located, this.#inner);
      case 'boolean':
      case 'null':
        refuseOthers(located, ['type']);
        return `z.${schema.type}()`;
      default:
        throw new InexpressibleSchemaError(`${pointer}/type`, `'${schema.type}' is no type of JSON`);
    }
  }

  #union(located: Located): string {
    const options = this.#all(located, 'anyOf');
    const [first, second] = options;
    return options.length === 2 && second === 'z.null()' && first !== undefined
      ? `${first}.nullable()`
      : `z.union([${options.join(', ')}])`;
  }

  #all(located: Located, keyword: string): readonly string[] {
    refuseOthers(located, [keyword]);
    const at = `${located.pointer}/${keyword}`;
    const all = [...readEach(located.schema[keyword], at)].map(([one, place]) => this.#schema(one, place));
    if (all.length > 0) return all;
    throw new InexpressibleSchemaError(at, 'has no schema');
  }

  #reference(located: Located): string {
    refuseOthers(located, ['$ref']);
    const at = `${located.pointer}/$ref`;
    const reference = readText(located.schema.$ref, at);
    this.#nesting.refer(reference, at);
    const known = this.#names.get(reference);
    if (known !== undefined && !this.#open.has(reference)) return known;
    if (reference === '#' || this.#open.has(reference)) {
      const name = known ?? this.#nameOf('Data');
      this.#names.set(reference, name);
      // The type of the constant cannot depend on itself: here it is unknown.
      return `z.lazy((): z.ZodType => ${name})`;
    }
    return this.#define(reference, at);
  }

  #define(reference: string, at: string): string {
    const encoded = DEFINITION.exec(reference)?.[1];
    const id = encoded?.replaceAll('~1', '/').replaceAll('~0', '~');
    if (id === undefined || !Object.hasOwn(this.#definitions, id)) {
      throw new InexpressibleSchemaError(at, `'${reference}' is nowhere in this schema`);
    }
    const name = this.#nameOf(NAMELESS.test(id) ? 'Part' : id);
    this.#names.set(reference, name);
    this.#open.add(reference);
    const text = this.#nesting.define(reference, () =>
      this.#schema(this.#definitions[id], `/$defs${jsonPointer([id])}`),
    );
    this.#open.delete(reference);
    this.#constants.push({
      name,
      text: NAMELESS.test(id) ? text : `${text}.meta({ id: ${quote(id)} })`,
    });
    return name;
  }
}
