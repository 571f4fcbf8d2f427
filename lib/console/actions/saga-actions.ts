import * as z from 'zod';
import { UnknownNameError, UnreadableError } from '../../ops/errors.ts';
import { readSaga, readSagas } from '../../ops/saga/read-sagas.ts';
import { sagaConsumerNamed, sagaConsumers, unknownConsumers } from '../../ops/saga/saga-consumers.ts';
import type { ShownSaga } from '../../ops/saga/shown-saga.ts';
import { type Action, ActionError, query } from '../action.ts';
import type { ConsoleContext } from '../console-context.ts';
import type { ShownSagas } from '../shapes.ts';
import { checked } from './checked.ts';

const PATH = '/api/sagas';
/** Maximum number of sagas on the page. The command line lists more. */
const MAX_SHOWN = 200;

const listBody = z.object({
  consumer: z.string().optional(),
  step: z.string().optional(),
  open: z.boolean().optional(),
});
const showBody = z.object({ consumer: z.string(), id: z.string().min(1) });

/** Actions that list sagas and show one. Both only read. */
export function sagaActions({ clients, deployment }: ConsoleContext): readonly Action[] {
  return [
    query(PATH, (_, body) =>
      refusing(async (): Promise<ShownSagas> => {
        const { consumer, ...filter } = checked(listBody, body);
        const all = sagaConsumers(deployment);
        const chosen = consumer === undefined ? all : [sagaConsumerNamed(deployment, consumer)];
        const { sagas, problems, ...rest } = await readSagas(clients, chosen, filter);
        return {
          ...rest,
          sagas: sagas.slice(0, MAX_SHOWN),
          total: sagas.length,
          problems: [...unknownConsumers(deployment), ...problems],
          consumers: all.map(({ label }) => label),
        };
      }),
    ),
    query(`${PATH}/show`, (_, body) =>
      refusing((): Promise<ShownSaga> => {
        const { consumer, id } = checked(showBody, body);
        return readSaga(clients, sagaConsumerNamed(deployment, consumer), id);
      }),
    ),
  ];
}

/** Runs an action. @throws ActionError when it is refused, with the reason as it is */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    // The reasons say what to do. All other errors are the console's or those of AWS.
    if (cause instanceof UnknownNameError || cause instanceof UnreadableError)
      throw new ActionError(409, cause.message, { cause });
    throw cause;
  }
}
