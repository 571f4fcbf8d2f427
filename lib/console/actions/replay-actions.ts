import * as z from 'zod';
import type { Wanted } from '../../archive/read/selection.ts';
import {
  type ControlPorts,
  cancelReplay,
  pauseReplay,
  resumeReplay,
} from '../../archive/replay/control-replay.ts';
import { createReplay, newReplayId } from '../../archive/replay/create-replay.ts';
import { ForgottenError } from '../../archive/replay/reach/reach.ts';
import type { ReplayRequest, ReplayState } from '../../archive/replay/replay-state.ts';
import { isReplayId } from '../../contracts/delivery/replay.ts';
import { openArchive } from '../../ops/archive/open-archive.ts';
import { consumerNamed } from '../../ops/deployment.ts';
import { UnreadableError } from '../../ops/errors.ts';
import {
  type AskedReplay,
  DEFAULT_RATE,
  MAX_RATE,
  makeRequest,
  ReplayRefusedError,
} from '../../ops/replay/make-request.ts';
import { openReplays, replayNamed } from '../../ops/replay/open-replays.ts';
import { planOf } from '../../ops/replay/preview.ts';
import { whoStarts } from '../../ops/replay/who-starts.ts';
import { type Action, ActionError, change, query } from '../action.ts';
import type { ConsoleContext } from '../console-context.ts';
import type { PlannedReplay, ShownReplay } from '../shapes.ts';
import { searchBody, wantedOf } from './archive-search.ts';
import { checked } from './checked.ts';

/** Maximum number of replays on the page, the latest. The command line lists all. */
const MAX_SHOWN = 10;
const PATH = '/api/replays';

const replayBody = searchBody.extend({
  consumer: z.string(),
  mode: z.enum(['fill', 'again']),
  rate: z.number().int().min(1).max(MAX_RATE).default(DEFAULT_RATE),
});
/** The id is that of the plan that was shown. */
const startBody = replayBody.extend({ id: z.string().refine(isReplayId, 'is no id of a replay') });

const CONTROLS = { pause: pauseReplay, resume: resumeReplay, cancel: cancelReplay };

/** Actions that list replays; unless the console is read-only, also those that plan, start, pause, resume and cancel them. */
export function replayActions(deployed: ConsoleContext): readonly Action[] {
  const { clients, deployment, readOnly } = deployed;
  const list = query(PATH, () =>
    refusing(async () => {
      const replays = await openReplays(clients, deployment).table.latest(MAX_SHOWN);
      return replays.map(shownOf);
    }),
  );
  if (readOnly) return [list];
  return [
    list,
    query(`${PATH}/plan`, (_, body) => refusing(() => plan(deployed, checked(replayBody, body)))),
    change(`${PATH}/start`, (_, body) => refusing(() => start(deployed, checked(startBody, body)))),
    ...Object.entries(CONTROLS).map(([name, control]) =>
      change(`${PATH}/:id/${name}`, ({ id = '' }) =>
        refusing(() => changed(openReplays(clients, deployment), id, control)),
      ),
    ),
  ];
}

async function plan(deployed: ConsoleContext, asked: z.output<typeof replayBody>): Promise<PlannedReplay> {
  const { clients, deployment, place } = deployed;
  const request = await requestOf(deployed, asked);
  const { store } = await openArchive(clients, deployment, place);
  const { consumer, mode, rate, from, to, types } = request;
  return {
    ...{ consumer, mode, rate, from, to, types },
    ...(await planOf(store, request)),
    id: newReplayId(Date.now()),
  };
}

/** What can refuse a replay is asked again: time has passed since the plan. */
async function start(
  deployed: ConsoleContext,
  { id, ...asked }: z.output<typeof startBody>,
): Promise<ShownReplay> {
  const request = await requestOf(deployed, asked);
  const ports = openReplays(deployed.clients, deployed.deployment);
  return shownOf(await createReplay(ports, request, { createdBy: whoStarts(), id }));
}

async function changed(
  ports: ControlPorts,
  id: string,
  control: (ports: ControlPorts, id: string) => Promise<ReplayState | undefined>,
): Promise<ShownReplay> {
  const state = await control(ports, id);
  if (state) return shownOf(state);
  const { status } = await replayNamed(ports, id);
  throw new ActionError(409, `nothing was changed: the replay is ${status}`);
}

function requestOf(
  { clients, deployment }: ConsoleContext,
  { consumer, mode, rate, ...search }: z.output<typeof replayBody>,
): Promise<ReplayRequest> {
  const { from, to, types = [], sources = [], ...conditions } = wantedOf(search);
  if (from >= to) throw new ActionError(400, 'a replay has to end after it begins: the end is not later');
  const asked: AskedReplay = { from, to, types, sources, mode, rate, where: whereOf(conditions) };
  return makeRequest(clients, deployment, consumerNamed(deployment, consumer), asked);
}

/**
 * The conditions of a search that a replay has no field for, as one filter policy. The first event of a chain has its own id for a correlation id.
 *
 * @throws ActionError when the typed policy has conditions of these names, because a policy has one of each
 */
function whereOf({
  subject,
  correlationId,
  where,
}: Pick<Wanted, 'subject' | 'correlationId' | 'where'>): AskedReplay['where'] {
  const more = {
    ...(subject !== undefined && { subject: [subject] }),
    ...(correlationId !== undefined && {
      $or: [{ correlationid: [correlationId] }, { correlationid: [{ exists: false }], id: [correlationId] }],
    }),
  };
  const twice = Object.keys(more).find((name) => where !== undefined && Object.hasOwn(where, name));
  if (twice !== undefined)
    throw new ActionError(
      400,
      `the filter policy has '${twice}' already: for a replay, say subject and correlation id in the policy or in their fields, not in both`,
    );
  const all = { ...where, ...more };
  return Object.keys(all).length === 0 ? undefined : all;
}

/** Runs an action on replays. @throws ActionError when it is refused, with the reason as it is */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    // The reasons say what to do. All other errors are the console's or those of AWS.
    if (
      cause instanceof ReplayRefusedError ||
      cause instanceof ForgottenError ||
      cause instanceof UnreadableError
    )
      throw new ActionError(409, cause.message, { cause });
    if (cause instanceof RangeError) throw new ActionError(400, cause.message, { cause });
    throw cause;
  }
}

function shownOf(state: ReplayState): ShownReplay {
  const { id, consumer, mode, status, read, events, sent, unreadable, refused } = state;
  const { createdAt, createdBy, problem } = state;
  return {
    ...{ id, consumer, mode, status, read, events, sent, unreadable, refused },
    ...{ createdAt, createdBy, problem },
  };
}
