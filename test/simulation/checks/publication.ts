import { type Envelope, identityOf } from '../../../lib/contracts/envelope/envelope.ts';
import { uuidV5 } from '../../../lib/contracts/uuid-v5.ts';
import { eventOf } from '../stories/replay-work.ts';
import { commits, emissionsOf } from '../stories/script.ts';
import type { World } from '../world.ts';

/** Looks at every event that is published: it has to be one of a run that is done, at its position, under its id. */
export function judgePublication({ ledger }: World, event: Envelope): void {
  const { run: number, position } = event.data as { run: number; position: number };
  const run = ledger.runs[number];
  const said = `${identityOf(event)}, in answer to ${event.causationid},`;
  if (run?.consumer !== 'first') {
    ledger.violate(`${said} was emitted by no run`);
    return;
  }
  const isDone = commits(run.script) ? run.committed : run.ended === 'returned';
  if (!isDone) ledger.violate(`${said} was published before the effect that it tells of, or without it`);
  if (event.id !== answerId(run.identity, position)) ledger.violate(`${said} has an id that is not its own`);
  if (`/sim|${event.causationid}` !== eventOf(run.identity)) ledger.violate(`${said} names another cause`);
  if (position >= emissionsOf(run.script)) ledger.violate(`${said} was published though it was forgotten`);
}

/** The one id that the event at this position may have: another for each replay that repeats what has emitted it. */
export function answerId(identity: string, position: number): string {
  return uuidV5('first', identity, String(position));
}
