import type { Envelope } from '../contracts/envelope.ts';
import { readStatus } from '../ops/status.ts';
import { tail } from '../ops/tail.ts';
import { deadLetterActions } from './actions/dead-letter-actions.ts';
import { eventActions } from './actions/event-actions.ts';
import { localActions } from './actions/local-actions.ts';
import type { Deployed } from './deployed.ts';
import { LiveFeed } from './live-feed.ts';
import type { PassingEvent } from './shapes.ts';
import { type RunningConsole, startConsole } from './start-console.ts';

/** Between two looks at all queues: on AWS each is some requests, which cost. */
const INTERVAL_MS = { local: 1_000, aws: 10_000 } as const;

/** Opens the console of a deployment on this machine. @param port 0 takes a free one @throws Error when the port is taken */
export function openConsole(deployed: Deployed, port: number): Promise<RunningConsole> {
  const { place, clients, deployment, readOnly } = deployed;
  const live = new LiveFeed({
    intervalMs: INTERVAL_MS[place.kind],
    readStatus: () => readStatus(clients, deployment),
    tail: (onEvent, signal) =>
      tail(clients, deployment, { signal, onEvent: (event) => onEvent(passing(event)) }),
  });
  return startConsole({
    port,
    live,
    actions: [
      ...deadLetterActions(deployed),
      ...eventActions(deployed),
      ...(place.kind === 'local' ? localActions(deployed, place) : []),
    ],
    meta: {
      deployment: place.kind === 'local' ? 'this machine' : `stage ${deployment.stage}`,
      local: String(place.kind === 'local'),
      'read-only': String(readOnly),
      'api-url': deployment.apiUrl,
    },
  });
}

function passing(event: Envelope): PassingEvent {
  const { id, source, type, time, correlationid } = event;
  return { id, source, type, time, correlationid, text: JSON.stringify(event) };
}
