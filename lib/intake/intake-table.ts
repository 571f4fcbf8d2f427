import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { INTAKE_KEY, type IntakeState, intakeItem, readIntakeState } from './intake-state.ts';

/** The table of a bus that says which consumers take no messages. */
export interface IntakeTable {
  /** Undefined when the intake of the consumer was never stopped. */
  read(consumer: string): Promise<IntakeState | undefined>;
  /** Every consumer whose intake was ever stopped, in no order. */
  all(): Promise<IntakeState[]>;
  /**
   * Changes a state.
   *
   * @param before as it was read; undefined when there was none
   * @returns the state afterwards; undefined when somebody else has changed it meanwhile
   */
  change(
    before: IntakeState | undefined,
    after: Omit<IntakeState, 'version'>,
  ): Promise<IntakeState | undefined>;
}

export function createIntakeTable({
  dynamodb: client,
  name: TableName,
}: {
  readonly dynamodb: DynamoDBClient;
  readonly name: string;
}): IntakeTable {
  return {
    read: async (consumer) => {
      const Key = { [INTAKE_KEY]: { S: consumer } };
      const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      return Item && readIntakeState(Item);
    },
    all: async () => {
      const states: IntakeState[] = [];
      for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
        states.push(...Items.map(readIntakeState));
      return states;
    },
    change: async (before, after) => {
      const state = { ...after, version: (before?.version ?? 0) + 1 };
      const condition = before
        ? {
            ConditionExpression: 'version = :version',
            ExpressionAttributeValues: { ':version': { N: String(before.version) } },
          }
        : { ConditionExpression: `attribute_not_exists(${INTAKE_KEY})` };
      try {
        await client.send(new PutItemCommand({ TableName, Item: intakeItem(state), ...condition }));
        return state;
      } catch (error) {
        // Somebody else was faster. The caller reads the state again and decides again.
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },
  };
}
