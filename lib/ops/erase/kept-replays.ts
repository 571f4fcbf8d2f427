import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { type Item, readState, STATES } from '../../archive/replay/replay-items.ts';
import type { ReplayState } from '../../archive/replay/replay-state.ts';
import type { DeployedArchive } from '../deployed-archive.ts';
import { attempt, type Problem } from '../problem.ts';

/** A replay that the table of a bus has. */
export interface KeptReplay {
  readonly table: string;
  /** As it is in the table. */
  readonly item: Item;
  readonly state: ReplayState;
}

/** Reads all replays of the buses, ended ones too: a request for each MB of them. A table that cannot be read is a problem. */
export async function readKeptReplays(
  client: DynamoDBClient,
  archives: readonly Pick<DeployedArchive, 'replayTable'>[],
): Promise<{ readonly replays: readonly KeptReplay[]; readonly problems: readonly Problem[] }> {
  const tables = archives.flatMap(({ replayTable }) => replayTable ?? []);
  const read = await Promise.all(
    tables.map((name) => attempt({ resource: 'table of replays', name }, readTable(client, name))),
  );
  return {
    replays: read.flatMap(({ value }) => value ?? []),
    problems: read.flatMap(({ problems }) => problems),
  };
}

async function readTable(client: DynamoDBClient, table: string): Promise<readonly KeptReplay[]> {
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: 'replay = :states',
      ExpressionAttributeValues: { ':states': { S: STATES } },
      ConsistentRead: true,
    },
  );
  const kept: KeptReplay[] = [];
  for await (const { Items = [] } of pages)
    kept.push(...Items.map((item) => ({ table, item, state: readState(item) })));
  return kept;
}
