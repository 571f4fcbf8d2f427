/// <reference lib="dom" />
import type { PassingEvent, Status } from '../shapes.ts';
import { sessionHeaders } from './session.ts';

/** What moves, as the server tells it. */
export interface LiveListeners {
  onStatus(status: Status): void;
  onEvent(event: PassingEvent): void;
  /** Undefined when all is well again. */
  onProblem(problem: string | undefined): void;
}

/** Between two tries to reach a console that does not answer. */
const RETRY_MS = 2_000;
const NO_SESSION = 401;

/** Follows the deployment for as long as the page is open, and connects again when the line is cut. */
export async function followLive(listeners: LiveListeners): Promise<void> {
  for (;;) {
    try {
      await followOnce(listeners);
    } catch {
      // The console is stopped or being started again: the page says so and tries again.
    }
    listeners.onProblem('The console does not answer; waiting for it.');
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function followOnce(listeners: LiveListeners): Promise<void> {
  const answer = await fetch('/api/live', { method: 'POST', headers: sessionHeaders(), body: '{}' });
  // Another console has taken the place of this one: the page begins anew and says what to do.
  if (answer.status === NO_SESSION) location.reload();
  if (!answer.ok || !answer.body) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = `${rest}${part.value}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) tell(JSON.parse(line), listeners);
  }
}

// Both sides are of one build: what the server writes is what `live-feed.ts` says.
function tell({ name, data }: { name: string; data: never }, listeners: LiveListeners): void {
  if (name === 'status') {
    listeners.onProblem(undefined);
    listeners.onStatus(data);
  } else if (name === 'event') listeners.onEvent(data);
  else listeners.onProblem(data);
}
