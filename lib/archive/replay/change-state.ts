import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { number, readState, stateKey } from './replay-items.ts';
import type { ReplayState, ReplayStatus } from './replay-state.ts';
import type { TableAccess } from './table-access.ts';

/** A change of a state. */
export interface StateChange {
  readonly status: ReplayStatus;
  /** Only from one of these. */
  readonly from: readonly ReplayStatus[];
  /** Only while it is in this round. @default - in any */
  readonly inRound?: number | undefined;
  /** Begins another run. @default false */
  readonly nextRun?: boolean;
  readonly set?: Partial<
    Pick<ReplayState, 'problem' | 'endedAt' | 'plannedTo' | 'round' | 'cursor' | 'waitsSince'>
  >;
}

/** Changes a state if its conditions hold: see `ReplayTable`. */
export async function changeState(
  { dynamodb, name }: TableAccess,
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
          (nextRun ? ' REMOVE problem, waitsSince ADD run :one' : ''),
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
