/// <reference lib="dom" />
import type { LiveEvent, LiveMessage, Status } from '../shapes.ts';
import { sessionHeaders } from './session.ts';

/** Callbacks for the messages of the server. */
export interface LiveListeners {
  onStatus(status: Status): void;
  onEvent(event: LiveEvent): void;
  /** Gets the reason why the status is old; undefined when it is current. */
  onLooking(problem: string | undefined): void;
  /** Gets the reason why new events are not shown; undefined when they are. */
  onFollowing(problem: string | undefined): void;
}

/** Pause before the next try when the console does not answer. */
const RETRY_MS = 2_000;
const NO_SESSION = 401;

/** Receives live data as long as the page is open. When the connection breaks, it connects again. */
export async function followLive(listeners: LiveListeners): Promise<void> {
  for (;;) {
    try {
      await followOnce(listeners);
    } catch {
      // The console has stopped or is being started again. It is tried again below.
    }
    const problem = 'The console does not answer; its command may have ended.';
    listeners.onLooking(problem);
    listeners.onFollowing(problem);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function followOnce(listeners: LiveListeners): Promise<void> {
  const answer = await fetch('/api/live', { method: 'POST', headers: sessionHeaders(), body: '{}' });
  // Another console now uses this port. The page is loaded again, and says what to do.
  if (answer.status === NO_SESSION) location.reload();
  if (!answer.ok || !answer.body) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = `${rest}${part.value}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) notify(JSON.parse(line), listeners);
  }
}

// The server and the page are of the same build, so messages have the shapes of `shapes.ts`.
function notify({ name, data }: LiveMessage, listeners: LiveListeners): void {
  if (name === 'status') listeners.onStatus(data);
  else if (name === 'event') listeners.onEvent(data);
  else if (name === 'looking') listeners.onLooking(data.problem);
  else listeners.onFollowing(data.problem);
}
