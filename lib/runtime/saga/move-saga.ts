import { consumerSource } from '../../contracts/envelope/consumer-source.ts';
import type { SagaDefinition } from '../../contracts/saga/saga-definition.ts';
import { readSagaItem, type SagaItem, type SagaTimeout } from '../../contracts/saga/saga-item.ts';
import { CommitRejectedError, EarlyEventError, NotYetError } from '../errors.ts';
import type { EventContext } from '../handling/context.ts';
import { decide, type Matrix, type Move } from './decide.ts';
import { nextItem } from './next-item.ts';
import { sagaIdOf } from './saga-key.ts';
import { readSaga, sagaWrite } from './saga-table.ts';
import { timeoutTime } from './timeout-time.ts';
import type { SagaEvent } from './transitions.ts';

const MS_PER_SECOND = 1_000;

/** An event on the way to its saga. */
export interface Arrival {
  readonly definition: SagaDefinition;
  readonly matrix: Matrix;
  /** The type of the event, without its version. */
  readonly type: string;
  readonly event: SagaEvent;
}

/**
 * Moves the saga of an event: reads it, decides, and stores the move with the emitted events in one transaction. When another event has
 * moved the saga meanwhile, it decides again on what the failed write has returned. The invocation's time is the limit of that.
 */
export async function moveSaga(arrival: Arrival, context: EventContext): Promise<void> {
  const { definition } = arrival;
  const id = sagaIdOf(definition, arrival.type, arrival.event.data);
  const { clock, emitterName } = context.props.ports;
  const source = consumerSource(emitterName ?? definition.name);
  let stored = await readSaga(context, id);
  for (let rejected = false; ; rejected = true) {
    // DynamoDB deletes an item late: one whose time is over counts as absent.
    const isOver = (stored?.expiresAt ?? Number.POSITIVE_INFINITY) * MS_PER_SECOND <= clock.now();
    const saga = isOver ? undefined : stored;
    const decision = decide({ ...arrival, id, saga, source });
    if (decision.kind === 'wait') throw earlyError(arrival, context, id, saga);
    if (decision.kind === 'ignore') {
      // A rejected commit is a failure until something is committed.
      if (rejected) await context.commit([]);
      return;
    }
    const timeouts = emitAll(context, decision);
    const moved = { ...arrival, id, move: decision, timeouts, keepDays: definition.saga.keepDays };
    const item = nextItem(saga, stored?.version, { ...moved, now: clock.now() });
    try {
      await context.commit([sagaWrite(context.tables.sagas ?? '', item, stored?.version)]);
      return;
    } catch (error) {
      // Another event has moved the saga since it was read. The emitted events are dropped with the commit.
      if (!(error instanceof CommitRejectedError)) throw error;
      stored = itemOf(error);
    }
  }
}

/**
 * Emits what the move says, cancels what no longer counts, and returns the time-outs that are set now. A saga whose last time-out was
 * taken out of its definition may cancel nothing: the time-outs that it has set come to a queue that no longer takes them.
 */
function emitAll(context: EventContext, { emitted, set, cancelled }: Move): Record<string, SagaTimeout> {
  for (const { contract, data, options } of emitted) context.emit(contract, data, options);
  if (context.props.definition.emitsLater) for (const id of cancelled) context.cancel(id);
  return Object.fromEntries(
    set.map(({ contract, data, when }) => {
      const at = timeoutTime(when, context.props.ports.clock.now());
      return [contract.type, { id: context.emit(contract, data, { at }).id, at }];
    }),
  );
}

/** The item that has made the write fail; undefined when it was deleted meanwhile. */
function itemOf({ rejections: [rejection] }: CommitRejectedError): SagaItem | undefined {
  const item = rejection?.item;
  // The runtime has it from DynamoDB, which was asked for it.
  return item === undefined ? undefined : readSagaItem(item as Parameters<typeof readSagaItem>[0]);
}

/** An event that came too early waits, but not for ever. */
function earlyError(
  { definition, type }: Arrival,
  { props }: EventContext,
  id: string,
  saga: SagaItem | undefined,
): Error {
  const { longestWaitSeconds } = definition.saga;
  const times = props.item.records.map(({ attributes }) =>
    Number(attributes.ApproximateFirstReceiveTimestamp),
  );
  const waitedSeconds = (props.ports.clock.now() - Math.min(...times)) / MS_PER_SECOND;
  const where = saga ? `is in '${saga.step}'` : 'does not exist';
  const message = `${type} came too early for saga ${id}, which ${where}`;
  if (waitedSeconds < longestWaitSeconds) return new NotYetError(message);
  return new EarlyEventError(
    `${message}; it has waited for ${Math.floor(waitedSeconds)} s. Find out why the saga is not further, and redrive the event, or purge it`,
  );
}
