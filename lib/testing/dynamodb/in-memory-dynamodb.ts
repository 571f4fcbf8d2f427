import type {
  BatchExecuteStatementCommandInput,
  BatchGetItemCommandInput,
  BatchWriteItemCommandInput,
  GetItemCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  TransactGetItemsCommandInput,
  TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { ConditionalCheckFailedException, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { refuse, UnknownRequest } from './errors.ts';
import { checkKeyCondition } from './key-condition.ts';
import type { Item } from './path.ts';
import { project } from './project.ts';
import { readPage } from './read.ts';
import { checkExpressions, type Expressions } from './scope.ts';
import { parseStatement } from './statement.ts';
import type { Table } from './table.ts';
import { judgeTransaction } from './transaction.ts';
import { type PreparedWrite, prepareWrite, type Write, type WriteKind } from './write.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MAX_BATCH_WRITES = 25;

/** One change of one item. */
export interface ItemChange {
  readonly table: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/**
 * DynamoDB in memory, for the commands that write and read items of tables without indexes. Each command takes effect at
 * once and whole; when it arrives, and whether its answer does, is for the caller to decide.
 */
export class InMemoryDynamoDB {
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #onChange: (change: ItemChange) => void;
  /** Tokens of the transactions that were executed. */
  readonly #transactions = new Set<string>();

  constructor(tables: readonly Table[], onChange: (change: ItemChange) => void) {
    this.#tables = new Map(tables.map((table) => [table.name, table]));
    this.#onChange = onChange;
  }

  /** @throws ResourceNotFoundException when the consumer has no table of this name */
  table(name: string | undefined): Table {
    const table = this.#tables.get(name ?? '');
    if (!table)
      throw new ResourceNotFoundException({
        message: `Requested resource not found: there is no table ${name}; the consumer has ${[...this.#tables.keys()].join(', ')}`,
        $metadata: { httpStatusCode: 400 },
      });
    return table;
  }

  /**
   * Executes a command.
   *
   * @param operation its name, such as `PutItem`
   * @param input of the command; each has the shape that the SDK gives to a command of this name
   */
  execute(operation: string, input: object): object {
    switch (operation) {
      case 'PutItem':
        return this.#write('put', input);
      case 'UpdateItem':
        return this.#write('update', input);
      case 'DeleteItem':
        return this.#write('delete', input);
      case 'TransactWriteItems':
        return this.#transact(input as TransactWriteItemsCommandInput);
      case 'BatchWriteItem':
        return this.#batchWrite(input as BatchWriteItemCommandInput);
      case 'BatchExecuteStatement':
        return this.#statements(input as BatchExecuteStatementCommandInput);
      case 'GetItem':
        return this.#get(input as GetItemCommandInput);
      case 'BatchGetItem':
        return this.#batchGet(input as BatchGetItemCommandInput);
      case 'TransactGetItems':
        return this.#transactGet(input as TransactGetItemsCommandInput);
      case 'Query':
        return this.#query(input as QueryCommandInput);
      case 'Scan':
        return readPage(this.table((input as ScanCommandInput).TableName), input as ScanCommandInput);
      default:
        throw new UnknownRequest(`the testing kit does not know DynamoDB's ${operation}`);
    }
  }

  #query(input: QueryCommandInput): object {
    const table = this.table(input.TableName);
    // An index has other keys; that there is none is said below.
    if (input.IndexName === undefined) checkKeyCondition(input, table);
    return readPage(table, input);
  }

  #write(kind: WriteKind, input: Write): object {
    const write = prepareWrite(kind, input, this.table(input.TableName));
    const before = write.table.get(write.key);
    if (!write.holds(before)) {
      const shown = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before;
      throw new ConditionalCheckFailedException({
        message: 'The conditional request failed',
        $metadata: { httpStatusCode: 400 },
        ...(shown && { Item: structuredClone(shown) }),
      });
    }
    const after = this.#apply(write);
    const Attributes = returnedBy(write, before, after);
    return Attributes ? { Attributes: structuredClone(Attributes) } : {};
  }

  #apply(write: PreparedWrite): Item | undefined {
    const before = write.table.get(write.key);
    const after = write.apply(before);
    if (write.kind === 'check') return after;
    this.#set(write.table, write.key, after);
    return after;
  }

  #set(table: Table, key: string, after: Item | undefined): void {
    const before = table.get(key);
    table.set(key, after);
    this.#onChange({ table: table.name, before, after });
  }

  #transact({ TransactItems = [], ClientRequestToken: token }: TransactWriteItemsCommandInput): object {
    if (token !== undefined && this.#transactions.has(token)) return {};
    const writes = TransactItems.map(({ Put, Update, Delete, ConditionCheck }) => {
      const kind = Put ? 'put' : Update ? 'update' : Delete ? 'delete' : 'check';
      const request: Write = Put ?? Update ?? Delete ?? ConditionCheck ?? {};
      return prepareWrite(kind, request, this.table(request.TableName));
    });
    judgeTransaction(writes);
    for (const write of writes) this.#apply(write);
    if (token !== undefined) this.#transactions.add(token);
    return {};
  }

  #batchWrite({ RequestItems = {} }: BatchWriteItemCommandInput): object {
    const all = Object.values(RequestItems).flat();
    if (all.length < 1 || all.length > MAX_BATCH_WRITES)
      throw refuse(`Too many or no items requested for the BatchWriteItem call: ${all.length}`);
    for (const [TableName, requests] of Object.entries(RequestItems)) {
      const table = this.table(TableName);
      const keys = requests.map(({ PutRequest, DeleteRequest }) =>
        table.keyOf(PutRequest?.Item ?? DeleteRequest?.Key ?? {}),
      );
      if (new Set(keys).size < keys.length) throw refuse('Provided list of item keys contains duplicates');
      for (const { PutRequest, DeleteRequest } of requests) {
        if (PutRequest) this.#write('put', { TableName, ...PutRequest });
        if (DeleteRequest) this.#write('delete', { TableName, ...DeleteRequest });
      }
    }
    return { UnprocessedItems: {} };
  }

  #statements({ Statements = [] }: BatchExecuteStatementCommandInput): object {
    const Responses = Statements.map(({ Statement = '', Parameters = [] }) => {
      const { table: name, id, execute } = parseStatement(Statement, Parameters);
      const table = this.table(name);
      const key = table.keyOf({ id: { S: id } });
      const result = execute(table.get(key));
      if ('error' in result) return { Error: { Code: result.error, Message: 'the condition does not hold' } };
      this.#set(table, key, result.item);
      return { TableName: name };
    });
    return { Responses };
  }

  #get(request: Expressions & { TableName: string | undefined; Key: Item | undefined }): { Item?: Item } {
    checkExpressions(request);
    const table = this.table(request.TableName);
    const item = table.get(table.exactKeyOf(request.Key ?? {}));
    return item ? { Item: project(item, request) } : {};
  }

  #batchGet({ RequestItems = {} }: BatchGetItemCommandInput): object {
    const found = Object.entries(RequestItems).map(([TableName, { Keys = [], ...rest }]) => [
      TableName,
      Keys.map((Key) => this.#get({ TableName, Key, ...rest }).Item).filter((item) => item !== undefined),
    ]);
    return { Responses: Object.fromEntries(found), UnprocessedKeys: {} };
  }

  #transactGet({ TransactItems = [] }: TransactGetItemsCommandInput): object {
    return { Responses: TransactItems.map(({ Get }) => (Get ? this.#get(Get) : {})) };
  }
}

/** What a write answers of its item, as it asks for it. */
function returnedBy(
  write: PreparedWrite,
  before: Item | undefined,
  after: Item | undefined,
): Item | undefined {
  switch (write.request.ReturnValues) {
    case 'ALL_OLD':
      return before;
    case 'ALL_NEW':
      return after;
    case 'UPDATED_OLD':
      return before && write.touched(before);
    case 'UPDATED_NEW':
      return after && write.touched(after);
    default:
      return undefined;
  }
}
