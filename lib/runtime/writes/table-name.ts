import type { TableDefinition } from '../../contracts/define-consumer.ts';

declare const KEY: unique symbol;

/**
 * The name of a table, with the attributes of its key in its type: `TableName<'sku'>`, or `TableName<'day' | 'sku'>` of a table with a sort
 * key. It is a string, and any string is the name of a table of which nothing is known.
 */
export type TableName<Key extends string = string> = string & { readonly [KEY]?: Key };

/** The names of tables by role, as their definitions have them. */
export type TableNames<Tables extends Readonly<Record<string, TableDefinition>>> = {
  readonly [Role in keyof Tables & string]: TableName<KeyNames<Tables[Role]>>;
};

type KeyNames<Table extends TableDefinition> =
  | Table['partitionKey']
  | (Table extends { readonly sortKey: infer Sort extends string } ? Sort : never);
