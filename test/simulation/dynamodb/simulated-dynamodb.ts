import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementResponse,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Condition, type Item, parseCondition, type Scope } from './expression.ts';
import { parseStatement } from './statement.ts';
import { Tokens } from './tokens.ts';
import { applyChanges, type Change, parseChanges } from './update.ts';

interface Write {
  readonly TableName?: string | undefined;
  readonly Key?: Item | undefined;
  readonly Item?: Item | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/**
 * DynamoDB in memory, as far as Fanfare uses it: conditional writes, transactions, PartiQL batches. Each call takes
 * effect at once and whole; when it arrives, and whether its answer does, is for the caller to decide.
 */
export class SimulatedDynamoDB {
  readonly #tables = new Map<string, Map<string, Item>>();
  readonly #transactions = new Set<string>();
  /** Asked once per statement and transaction: a code makes it fail before it is executed. */
  readonly #refuse: () => string | undefined;

  constructor(refuse: () => string | undefined = () => undefined) {
    this.#refuse = refuse;
  }

  /** All items of a table, by their key. */
  items(table: string): Map<string, Item> {
    const known = this.#tables.get(table);
    if (known) return known;
    const created = new Map<string, Item>();
    this.#tables.set(table, created);
    return created;
  }

  /** Executes a command of the AWS SDK. */
  execute(command: unknown): unknown {
    if (command instanceof BatchExecuteStatementCommand) {
      return { Responses: (command.input.Statements ?? []).map((one) => this.#statement(one)) };
    }
    if (command instanceof TransactWriteItemsCommand) {
      return this.#transact(command.input.TransactItems ?? [], command.input.ClientRequestToken);
    }
    if (command instanceof UpdateItemCommand || command instanceof PutItemCommand) {
      return this.#single(command.input);
    }
    if (command instanceof GetItemCommand) {
      return { Item: this.items(command.input.TableName ?? '').get(keyOf(command.input.Key ?? {})) };
    }
    throw new TypeError(`the simulation does not know ${command?.constructor.name}`);
  }

  #statement(input: {
    Statement?: string | undefined;
    Parameters?: AttributeValue[] | undefined;
  }): BatchStatementResponse {
    const refused = this.#refuse();
    if (refused) return { Error: { Code: refused as 'ThrottlingError', Message: 'simulated' } };
    const statement = parseStatement(input.Statement ?? '');
    const parameters = input.Parameters ?? [];
    const table = this.items(statement.table);
    const key = statement.id(parameters);
    const result = statement.execute(table.get(key), parameters);
    if (result.error !== undefined) {
      return { Error: { Code: result.error as 'DuplicateItem', Message: 'simulated' } };
    }
    table.set(key, result.item);
    return { TableName: statement.table };
  }

  #single(write: Write): unknown {
    const table = this.items(write.TableName ?? '');
    const key = keyOf(write.Key ?? write.Item ?? {});
    const before = table.get(key);
    if (!holds(write, before)) {
      throw new ConditionalCheckFailedException({ message: 'simulated', $metadata: {}, Item: before });
    }
    const after = written(write, before);
    table.set(key, after);
    // Of UPDATED_NEW, the runtime reads only what it has updated.
    return { Attributes: after };
  }

  #transact(items: readonly TransactWriteItem[], token: string | undefined): unknown {
    if (token !== undefined && this.#transactions.has(token)) return {};
    const writes = items.map(
      (item): Write => item.Put ?? item.Update ?? item.ConditionCheck ?? item.Delete ?? {},
    );
    const refused = this.#refuse();
    const reasons = writes.map((write) => {
      const before = this.items(write.TableName ?? '').get(keyOf(write.Key ?? write.Item ?? {}));
      if (refused) return { Code: 'TransactionConflict' };
      return holds(write, before) ? { Code: 'None' } : { Code: 'ConditionalCheckFailed', Item: before };
    });
    if (reasons.some(({ Code }) => Code !== 'None')) {
      throw new TransactionCanceledException({
        message: 'simulated',
        $metadata: {},
        CancellationReasons: reasons,
      });
    }
    for (const [index, write] of writes.entries()) {
      if (items[index]?.ConditionCheck) continue;
      const table = this.items(write.TableName ?? '');
      const key = keyOf(write.Key ?? write.Item ?? {});
      table.set(key, written(write, table.get(key)));
    }
    if (token !== undefined) this.#transactions.add(token);
    return {};
  }
}

const conditions = new Map<string, Condition>();
const updates = new Map<string, readonly Change[]>();

function holds(write: Write, item: Item | undefined): boolean {
  if (!write.ConditionExpression) return true;
  const condition = once(conditions, write.ConditionExpression, (text) =>
    parseCondition(new Tokens(text), noParameter),
  );
  return condition(scopeOf(write, item));
}

function written(write: Write, item: Item | undefined): Item {
  if (write.Item) return { ...write.Item };
  const changes = once(updates, write.UpdateExpression ?? '', (text) =>
    parseChanges(new Tokens(text), noParameter),
  );
  return { ...applyChanges(changes, scopeOf(write, item)), ...write.Key };
}

function scopeOf(write: Write, item: Item | undefined): Scope {
  return { item, names: write.ExpressionAttributeNames ?? {}, values: write.ExpressionAttributeValues ?? {} };
}

function once<T>(known: Map<string, T>, text: string, parse: (text: string) => T): T {
  const found = known.get(text);
  if (found !== undefined) return found;
  const made = parse(text);
  known.set(text, made);
  return made;
}

function noParameter(): string {
  throw new SyntaxError("'?' belongs to PartiQL statements, not to expressions");
}

function keyOf(key: Item): string {
  // The simulated tables have the one key attribute that their writes put first.
  const [first] = Object.values(key);
  return first?.S ?? '';
}
