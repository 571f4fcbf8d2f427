import * as z from 'zod';
import { consumerNamed } from '../../ops/deployment.ts';
import { UnreadableError } from '../../ops/errors.ts';
import {
  type IntakeChange,
  IntakeRefusedError,
  MAX_REASON_LENGTH,
  pauseIntake,
  resumeIntake,
} from '../../ops/intake/change-intake.ts';
import { type OpenIntake, openIntake } from '../../ops/intake/open-intake.ts';
import { describeIntake, shownIntake } from '../../ops/intake/shown-intake.ts';
import { whoStarts } from '../../ops/replay/who-starts.ts';
import { type Action, ActionError, change } from '../action.ts';
import type { ConsoleContext } from '../console-context.ts';
import type { ChangedIntake } from '../shapes.ts';
import { checked } from './checked.ts';

const PATH = '/api/intake/:consumer';
/** A pause is no longer than a year. */
const MAX_MINUTES = 525_600;

const pauseBody = z.object({
  reason: z.string().trim().min(1).max(MAX_REASON_LENGTH).optional(),
  forMinutes: z.number().int().min(1).max(MAX_MINUTES).optional(),
});

/** Actions that pause and resume a consumer; none when the console is read-only. The status shows who is stopped. */
export function intakeActions(deployed: ConsoleContext): readonly Action[] {
  if (deployed.readOnly) return [];
  return [
    change(`${PATH}/pause`, ({ consumer = '' }, body) => {
      const { reason, forMinutes } = checked(pauseBody, body);
      const forSeconds = forMinutes === undefined ? undefined : forMinutes * 60;
      return changed(deployed, consumer, ({ ports, target }) =>
        pauseIntake(ports, target, { by: whoStarts(), reason, forSeconds }),
      );
    }),
    change(`${PATH}/resume`, ({ consumer = '' }) =>
      changed(deployed, consumer, ({ ports, target }) => resumeIntake(ports, target, { by: whoStarts() })),
    ),
  ];
}

/** @throws ActionError when it is refused, and when somebody else has changed the state meanwhile */
async function changed(
  { clients, deployment }: ConsoleContext,
  name: string,
  work: (opened: OpenIntake) => Promise<IntakeChange>,
): Promise<ChangedIntake> {
  try {
    const opened = await openIntake(clients, deployment, consumerNamed(deployment, name));
    const { after, isOvertaken } = await work(opened);
    const intake = shownIntake(after);
    const detail = describeIntake(intake);
    if (!isOvertaken) return { intake, detail };
    throw new ActionError(409, `somebody else, or its breaker, has changed it meanwhile: ${detail}`);
  } catch (cause) {
    // The reasons say what to do. All other errors are the console's or those of AWS.
    if (cause instanceof IntakeRefusedError || cause instanceof UnreadableError)
      throw new ActionError(409, cause.message, { cause });
    if (cause instanceof RangeError) throw new ActionError(400, cause.message, { cause });
    throw cause;
  }
}
