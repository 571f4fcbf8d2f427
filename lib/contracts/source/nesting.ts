import { InexpressibleSchemaError } from './read-keywords.ts';

/** How deep a schema may be, through its definitions. Far more than data has, and far less than fills the stack. */
const MOST_LEVELS = 100;

/** A reference that is read before any data is: what it leads to has to accept the same value. */
interface Step {
  readonly to: string;
  readonly pointer: string;
}

/** Where the writer of a schema is. Refuses a schema that is too deep, or that leads only to itself. */
export class Nesting {
  #level = 0;
  /** The deepest level since the definition began that is being read. */
  #deepest = 0;
  /** How many levels each definition has. */
  readonly #levels = new Map<string, number>();
  /** The definition that is being read; undefined within its fields and items. */
  #source: string | undefined = '#';
  readonly #steps = new Map<string, Step[]>();

  /** Goes one level deeper for a schema. @throws InexpressibleSchemaError when it is too deep */
  enter(pointer: string, read: () => string): string {
    this.#level++;
    this.#reach(this.#level, pointer);
    const text = read();
    this.#level--;
    return text;
  }

  /** Goes to a value within the value, such as a field. */
  within(read: () => string): string {
    const source = this.#source;
    this.#source = undefined;
    const text = read();
    this.#source = source;
    return text;
  }

  define(reference: string, read: () => string): string {
    const [source, deepest] = [this.#source, this.#deepest];
    this.#source = reference;
    this.#deepest = this.#level;
    const text = read();
    this.#levels.set(reference, this.#deepest - this.#level);
    this.#source = source;
    this.#deepest = Math.max(deepest, this.#deepest);
    return text;
  }

  refer(to: string, pointer: string): void {
    this.#reach(this.#level + (this.#levels.get(to) ?? 0), pointer);
    if (this.#source === undefined) return;
    this.#steps.set(this.#source, [...(this.#steps.get(this.#source) ?? []), { to, pointer }]);
    if (this.#leads(to, this.#source)) {
      throw new InexpressibleSchemaError(pointer, `'${to}' leads only to itself, and to no value`);
    }
  }

  #reach(level: number, pointer: string): void {
    this.#deepest = Math.max(this.#deepest, level);
    if (level > MOST_LEVELS) throw tooDeep(pointer);
  }

  #leads(from: string, to: string): boolean {
    const reached = new Set([from]);
    for (const one of reached) for (const step of this.#steps.get(one) ?? []) reached.add(step.to);
    return reached.has(to);
  }
}

/** @throws InexpressibleSchemaError when a value, such as a default, is too deep */
export function refuseDeepValue(value: unknown, pointer: string, level = 0): void {
  if (typeof value !== 'object' || value === null) return;
  if (level >= MOST_LEVELS) throw tooDeep(pointer);
  for (const inner of Object.values(value)) refuseDeepValue(inner, pointer, level + 1);
}

function tooDeep(pointer: string): InexpressibleSchemaError {
  return new InexpressibleSchemaError(pointer, `is deeper than ${MOST_LEVELS} levels`);
}
