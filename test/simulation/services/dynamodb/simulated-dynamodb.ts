import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementResponse,
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactionConflictException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Item } from './expression.ts';
import { HeldItems } from './held-items.ts';
import { itemProblem } from './item-limits.ts';
import { parseStatement } from './statement.ts';
import { holds, keyOf, type Write, written } from './write.ts';

/** One change of one item, and who has asked for it. */
export interface ItemChange<By> {
  readonly table: string;
  readonly key: string;
  readonly before: Item | undefined;
  readonly after: Item;
  readonly by: By;
}

export interface DynamoDBProps<By> {
  readonly now: () => number;
  /** Asked once per statement and item: whether it is throttled. */
  readonly throttles: () => boolean;
  /** Asked once per transaction: how long it holds its items, in milliseconds. */
  readonly holds: () => number;
  readonly onChange: (change: ItemChange<By>) => void;
}

/**
 * DynamoDB in memory, as far as Fanfare uses it: conditional writes, transactions, PartiQL batches. Each call takes
 * effect at once and whole; when it arrives, and whether its answer does, is for the caller to decide. A transaction
 * holds its items for a while, and whatever comes for them meanwhile is refused with a conflict.
 */
export class SimulatedDynamoDB<By> {
  /** How long the last command took, in milliseconds. */
  lastTook = 0;
  readonly #props: DynamoDBProps<By>;
  readonly #tables = new Map<string, Map<string, Item>>();
  readonly #transactions = new Set<string>();
  readonly #held: HeldItems;

  constructor(props: DynamoDBProps<By>) {
    this.#props = props;
    this.#held = new HeldItems(props.now);
  }

  /** All items of a table, by their key. */
  items(table: string): Map<string, Item> {
    const known = this.#tables.get(table);
    if (known) return known;
    const created = new Map<string, Item>();
    this.#tables.set(table, created);
    return created;
  }

  /** Deletes items whose time is over, as DynamoDB does late and in no order. */
  removeExpired(table: string, chosen: () => boolean): void {
    const items = this.items(table);
    for (const [key, { expiresAt }] of items) {
      if (expiresAt?.N && Number(expiresAt.N) * 1000 < this.#props.now() && chosen()) items.delete(key);
    }
  }

  /** Executes a command of the AWS SDK. */
  execute(command: unknown, by: By): unknown {
    this.lastTook = 0;
    if (command instanceof BatchExecuteStatementCommand) {
      return { Responses: (command.input.Statements ?? []).map((one) => this.#statement(one, by)) };
    }
    if (command instanceof TransactWriteItemsCommand) {
      return this.#transact(command.input.TransactItems ?? [], command.input.ClientRequestToken, by);
    }
    if (command instanceof UpdateItemCommand || command instanceof PutItemCommand) {
      return this.#single(command.input, by);
    }
    if (command instanceof GetItemCommand) {
      return { Item: this.items(command.input.TableName ?? '').get(keyOf(command.input.Key ?? {})) };
    }
    throw new TypeError(`the simulation does not know ${command?.constructor.name}`);
  }

  #statement(
    input: { Statement?: string | undefined; Parameters?: AttributeValue[] | undefined },
    by: By,
  ): BatchStatementResponse {
    if (this.#props.throttles()) return failed('ThrottlingError');
    const statement = parseStatement(input.Statement ?? '');
    const parameters = input.Parameters ?? [];
    const { table } = statement;
    const key = statement.id(parameters);
    if (this.#held.has(table, key)) return failed('TransactionConflict');
    const result = statement.execute(this.items(table).get(key), parameters);
    if (result.error !== undefined) return failed(result.error);
    if (itemProblem(result.item)) return failed('ValidationError');
    this.#set({ table, key, after: result.item, by });
    return { TableName: table };
  }

  #single(write: Write, by: By): unknown {
    const table = write.TableName ?? '';
    const key = keyOf(write.Key ?? write.Item ?? {});
    if (this.#props.throttles()) throw refusal('ThrottlingException');
    if (this.#held.has(table, key))
      throw new TransactionConflictException({ message: 'simulated', $metadata: {} });
    const before = this.items(table).get(key);
    if (!holds(write, before)) {
      const answered = write.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? before : undefined;
      throw new ConditionalCheckFailedException({ message: 'simulated', $metadata: {}, Item: answered });
    }
    const after = written(write, before);
    refuseUnlessPossible(after);
    this.#set({ table, key, after, by });
    // Of UPDATED_NEW, the runtime reads only what it has updated.
    return { Attributes: write.ReturnValues === 'ALL_OLD' ? before : after };
  }

  #transact(items: readonly TransactWriteItem[], token: string | undefined, by: By): unknown {
    if (token !== undefined && this.#transactions.has(token)) return {};
    const writes = items.map(
      (item): Write => item.Put ?? item.Update ?? item.ConditionCheck ?? item.Delete ?? {},
    );
    const reasons = writes.map((write) => this.#reason(write));
    if (reasons.some(({ Code }) => Code !== 'None')) {
      throw new TransactionCanceledException({
        message: 'simulated',
        $metadata: {},
        CancellationReasons: reasons,
      });
    }
    const milliseconds = this.#props.holds();
    const changes = writes.map((write, index) => {
      const table = write.TableName ?? '';
      const key = keyOf(write.Key ?? write.Item ?? {});
      this.#held.hold(table, key, milliseconds);
      return items[index]?.ConditionCheck
        ? undefined
        : { table, key, after: written(write, this.items(table).get(key)), by };
    });
    for (const change of changes) if (change) refuseUnlessPossible(change.after);
    for (const change of changes) if (change) this.#set(change);
    if (token !== undefined) this.#transactions.add(token);
    this.lastTook = milliseconds;
    return {};
  }

  /** Why a transaction cannot have this write: each item is asked for itself, whatever the others say. */
  #reason(write: Write): CancellationReason {
    const table = write.TableName ?? '';
    const key = keyOf(write.Key ?? write.Item ?? {});
    if (this.#props.throttles()) return { Code: 'ThrottlingError' };
    if (this.#held.has(table, key)) return { Code: 'TransactionConflict' };
    const before = this.items(table).get(key);
    if (holds(write, before)) return { Code: 'None' };
    const answered = write.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? before : undefined;
    return { Code: 'ConditionalCheckFailed', ...(answered && { Item: answered }) };
  }

  #set({ table, key, after, by }: Omit<ItemChange<By>, 'before'>): void {
    const items = this.items(table);
    const before = items.get(key);
    items.set(key, after);
    this.#props.onChange({ table, key, before, after, by });
  }
}

function failed(code: string): BatchStatementResponse {
  // The codes of the simulation are some of those that DynamoDB has.
  return { Error: { Code: code as 'ThrottlingError', Message: 'simulated' } };
}

function refuseUnlessPossible(item: Item): void {
  const problem = itemProblem(item);
  if (problem) throw refusal('ValidationException', problem);
}

function refusal(name: string, message = 'simulated'): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name,
    message,
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
    ...(name === 'ThrottlingException' && { $retryable: { throttling: true } }),
  });
}
