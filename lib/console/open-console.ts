import type { Envelope } from '../contracts/envelope/envelope.ts';
import { readDeployment } from '../ops/deployment.ts';
import { sagaConsumers } from '../ops/saga/saga-consumers.ts';
import { readStatus } from '../ops/status/status.ts';
import { tail } from '../ops/tail.ts';
import { archiveActions } from './actions/archive-actions.ts';
import { deadLetterActions } from './actions/dead-letter-actions.ts';
import { eventActions } from './actions/event-actions.ts';
import { intakeActions } from './actions/intake-actions.ts';
import { localActions } from './actions/local-actions.ts';
import { replayActions } from './actions/replay-actions.ts';
import { sagaActions } from './actions/saga-actions.ts';
import { scheduledActions } from './actions/scheduled-actions.ts';
import type { ConsoleContext } from './console-context.ts';
import { LiveFeed } from './live-feed.ts';
import type { LiveEvent } from './shapes.ts';
import { type RunningConsole, startConsole } from './start-console.ts';

/** Interval between two reads of the status. On AWS each read needs several requests, which cost money. */
const INTERVAL_MS = { local: 1_000, aws: 10_000 } as const;

/** Starts the console of a deployment. @param port port on 127.0.0.1; 0 chooses a free one @throws Error when the port is taken */
export function openConsole(deployed: ConsoleContext, port: number): Promise<RunningConsole> {
  const { place, clients, deployment, readOnly } = deployed;
  const { app, stage } = deployment;
  const live = new LiveFeed({
    intervalMs: INTERVAL_MS[place.kind],
    // The stacks are read every time: the status shows their state, and a stack that is created again has other queues.
    readStatus: async () => readStatus(clients, await readDeployment(clients, deployment)),
    tail: ({ onEvent, onListening, signal }) =>
      tail(clients, deployment, { signal, onListening, onEvent: (event) => onEvent(liveEventOf(event)) }),
  });
  return startConsole({
    port,
    live,
    actions: [
      ...deadLetterActions(deployed),
      ...eventActions(deployed),
      ...archiveActions(deployed),
      ...replayActions(deployed),
      ...intakeActions(deployed),
      ...scheduledActions(deployed),
      ...sagaActions(deployed),
      ...(place.kind === 'local' ? localActions(deployed, place) : []),
    ],
    meta: {
      deployment: place.kind === 'local' ? `${app} on this machine` : `${app}, stage ${stage}`,
      local: String(place.kind === 'local'),
      archive: String(deployment.archives.some(({ bus }) => bus === deployment.stackName)),
      scheduled: String(deployment.scheduled !== undefined),
      sagas: String(sagaConsumers(deployment).length > 0),
      'read-only': String(readOnly),
      'api-url': deployment.apiUrl,
      'interval-ms': String(INTERVAL_MS[place.kind]),
    },
  });
}

function liveEventOf(event: Envelope): LiveEvent {
  const { id, source, type, time, correlationid } = event;
  return { id, source, type, time, correlationid, text: JSON.stringify(event) };
}
