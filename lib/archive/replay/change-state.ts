import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { number, readState, stateKey } from './replay-items.ts';
import type { ReplayState } from './replay-state.ts';
import type { ReplayTableProps, StateChange } from './replay-table.ts';

/** Changes a state if its conditions hold: see {@link ReplayTable.change}. */
export async function changeState(
  { dynamodb, name }: ReplayTableProps,
  id: string,
  { status, from, inRound, nextRun = false, set = {} }: StateChange,
): Promise<ReplayState | undefined> {
  const values = Object.entries(set).filter(([, value]) => value !== undefined);
  const allowed = from.map((_, index) => `:from${index}`).join(', ');
  try {
    const { Attributes } = await dynamodb.send(
      new UpdateItemCommand({
        TableName: name,
        Key: stateKey(id),
        UpdateExpression:
          `SET #status = :status${values.map(([field]) => `, #${field} = :${field}`).join('')}` +
          (nextRun ? ' REMOVE problem ADD run :one' : ''),
        ConditionExpression: `#status IN (${allowed})${inRound === undefined ? '' : ' AND #round = :inRound'}`,
        ExpressionAttributeNames: {
          '#status': 'status',
          ...(inRound !== undefined && { '#round': 'round' }),
          ...Object.fromEntries(values.map(([field]) => [`#${field}`, field])),
        },
        ExpressionAttributeValues: {
          ':status': { S: status },
          ...(nextRun && { ':one': number(1) }),
          ...(inRound !== undefined && { ':inRound': number(inRound) }),
          ...Object.fromEntries(from.map((one, index) => [`:from${index}`, { S: one }])),
          ...Object.fromEntries(
            values.map(([field, value]) => [
              `:${field}`,
              typeof value === 'number' ? number(value) : { S: String(value) },
            ]),
          ),
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes && readState(Attributes);
  } catch (error) {
    // It is in another status or round, or does not exist: the caller says so.
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
