import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { type Item, readState, STATES } from '../../archive/replay/replay-items.ts';
import type { ReplayState } from '../../archive/replay/replay-state.ts';
import type { DeployedArchive } from '../deployed-archive.ts';
import { attempt, messageOf, type Problem } from '../problem.ts';

/** A replay that the table of a bus has. */
export interface KeptReplay {
  readonly table: string;
  /** As it is in the table. */
  readonly item: Item;
  readonly state: ReplayState;
}

/** Reads all replays of the buses, ended ones too: a request for each MB of them. A table or a replay that cannot be read is a problem. */
export async function readKeptReplays(
  client: DynamoDBClient,
  archives: readonly Pick<DeployedArchive, 'replayTable'>[],
): Promise<{ readonly replays: readonly KeptReplay[]; readonly problems: readonly Problem[] }> {
  const tables = archives.flatMap(({ replayTable }) => replayTable ?? []);
  const read = await Promise.all(
    tables.map((name) => attempt({ resource: TABLE, name }, readTable(client, name))),
  );
  const items = read.flatMap(({ value }) => value ?? []);
  return {
    replays: items.flatMap((one) => ('reason' in one ? [] : [one])),
    problems: [
      ...read.flatMap(({ problems }) => problems),
      ...items.flatMap((one) => ('reason' in one ? [one] : [])),
    ],
  };
}

const TABLE = 'table of replays';

async function readTable(client: DynamoDBClient, table: string): Promise<readonly (KeptReplay | Problem)[]> {
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: 'replay = :states',
      ExpressionAttributeValues: { ':states': { S: STATES } },
      ConsistentRead: true,
    },
  );
  const kept: (KeptReplay | Problem)[] = [];
  for await (const { Items = [] } of pages) kept.push(...Items.map((item) => readItem(table, item)));
  return kept;
}

function readItem(table: string, item: Item): KeptReplay | Problem {
  try {
    return { table, item, state: readState(item) };
  } catch (error) {
    // The other replays are read all the same.
    const reason = `replay ${item.part?.S}: ${messageOf(error)}`;
    return { resource: TABLE, name: table, missing: false, reason };
  }
}
