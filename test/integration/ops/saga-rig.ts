import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type SagaItem, sagaAttributes } from '../../../lib/contracts/saga/saga-item.ts';
import type { Stack } from '../local/assembly.ts';
import { consumerStack } from './intake-rig.ts';
import { type Rig, startRig } from './rig.ts';

const MINUTE_MS = 60_000;
/** When the tests began. All times of their sagas are minutes before. */
const BEGAN = Date.now();

/** The time of so many minutes ago. */
export const minutesAgo = (minutes: number): string => new Date(BEGAN - minutes * MINUTE_MS).toISOString();

/** The stack of a consumer with a table of sagas. @param tableName another table, which may not exist */
export function sagaStack(consumer: string, tableName?: string): Stack {
  const { outputs, resources, ...stack } = consumerStack(`shop-dev-${consumer}`, consumer);
  return {
    ...stack,
    resources: { ...resources, Sagas: { ...Object(resources.Table) } },
    outputs: { ...outputs, SagaTable: { Value: tableName ?? { Ref: 'Sagas' } } },
  };
}

/** A deployment with the sagas `orders` and `returns`, and the consumer `email`, which is none. */
export const startSagaRig = (...more: readonly Stack[]): Promise<Rig> =>
  startRig({ more: [sagaStack('orders'), sagaStack('returns'), ...more] });

export interface PutSaga extends Partial<SagaItem> {
  readonly id: string;
  readonly consumer?: string;
}

const tableOf = ({ deployment }: Rig, consumer: string): string =>
  deployment.consumers.find(({ name }) => name === consumer)?.sagaTable ?? '';

/** Stores a saga that began an hour ago and moved half an hour ago. @returns the saga as it is stored */
export async function putSaga(rig: Rig, { consumer = 'orders', ...some }: PutSaga): Promise<SagaItem> {
  const [startedAt, updatedAt] = [some.startedAt ?? minutesAgo(60), some.updatedAt ?? minutesAgo(30)];
  const step = some.step ?? 'paying';
  const item: SagaItem = {
    step,
    version: 2,
    data: '{"totalMinor":250}',
    timeouts: {},
    undo: [],
    history: [
      { at: startedAt, event: 'shop.OrderPlaced', step: 'reserving' },
      { at: updatedAt, event: 'shop.StockReserved', step },
    ],
    correlationId: `cause-of-${some.id}`,
    startedAt,
    updatedAt,
    ...some,
  };
  await putRaw(rig, consumer, sagaAttributes(item));
  return item;
}

/** Stores whatever somebody may have written into a table of sagas. */
export async function putRaw(
  rig: Rig,
  consumer: string,
  Item: ReturnType<typeof sagaAttributes>,
): Promise<void> {
  await rig.clients.dynamodb.send(new PutItemCommand({ TableName: tableOf(rig, consumer), Item }));
}
