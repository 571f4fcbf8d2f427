import type { TableDefinition } from '../../contracts/define-consumer.ts';
import { refuse } from './errors.ts';
import type { Item } from './path.ts';

/** One table: its keys and its items. */
export class Table {
  readonly name: string;
  readonly keys: TableDefinition;
  readonly #items = new Map<string, Item>();

  constructor(name: string, keys: TableDefinition) {
    this.name = name;
    this.keys = keys;
  }

  /** Items in the order in which they were first written. */
  get items(): readonly Item[] {
    return [...this.#items.values()];
  }

  get(key: string): Item | undefined {
    return this.#items.get(key);
  }

  /** @param item undefined deletes it */
  set(key: string, item: Item | undefined): void {
    if (item) this.#items.set(key, item);
    else this.#items.delete(key);
  }

  /** Text that identifies the item with these key attributes. @throws ValidationException when one is missing or no text */
  keyOf(item: Item): string {
    return JSON.stringify(this.keyNames.map((name) => this.#keyText(item, name)));
  }

  /** The same, for a `Key`: which may have nothing but the key attributes. */
  exactKeyOf(key: Item): string {
    if (Object.keys(key).length !== this.keyNames.length)
      throw refuse(
        `The provided key element does not match the schema: table ${this.name} has the key ${this.keyNames.join(', ')}, got ${Object.keys(key).join(', ')}`,
      );
    return this.keyOf(key);
  }

  get keyNames(): readonly string[] {
    const { partitionKey, sortKey } = this.keys;
    return sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
  }

  #keyText(item: Item, name: string): string {
    const text = item[name]?.S;
    if (text === undefined || text === '')
      throw refuse(
        `One or more parameter values were invalid: table ${this.name} needs a text for its key ${name}, got ${JSON.stringify(item[name])}`,
      );
    return text;
  }
}
