import * as z from 'zod';
import { UnknownNameError, UnreadableError } from '../../ops/errors.ts';
import { cancelScheduled, findCancellable } from '../../ops/scheduled/cancel-scheduled.ts';
import { requireSchedules } from '../../ops/scheduled/deployed-schedules.ts';
import { readScheduled } from '../../ops/scheduled/read-scheduled.ts';
import { type Action, ActionError, change, query } from '../action.ts';
import type { ConsoleContext } from '../console-context.ts';
import type { ShownScheduled } from '../shapes.ts';
import { checked } from './checked.ts';

const PATH = '/api/scheduled';
/** Maximum number of events on the page, the soonest. The command line lists more. */
const MAX_SHOWN = 200;

const cancelBody = z.object({ name: z.string() });

/** Actions that list events that come later; unless the console is read-only, also one that cancels them. */
export function scheduledActions({ clients, deployment, readOnly }: ConsoleContext): readonly Action[] {
  const list = query(PATH, () =>
    refusing(async (): Promise<ShownScheduled> => {
      const { events, types: _, ...rest } = await readScheduled(clients, requireSchedules(deployment));
      return { ...rest, events: events.slice(0, MAX_SHOWN), total: events.length };
    }),
  );
  if (readOnly) return [list];
  const cancel = change(`${PATH}/cancel`, (_, body) =>
    refusing(async () => {
      const schedules = requireSchedules(deployment);
      const found = await findCancellable(clients, schedules, checked(cancelBody, body));
      await cancelScheduled(clients, schedules, { ...found, at: Date.now() });
      return { id: found.id };
    }),
  );
  return [list, cancel];
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
