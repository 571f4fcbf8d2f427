import type { Replay } from '../../../lib/contracts/delivery/replay.ts';

/**
 * What is one piece of work, and has one effect: an event, `<source>|<id>`, and apart from it what each replay repeats of it,
 * `<source> <replay>|<id>`.
 */
export function workOf(event: string, replay?: Replay): string {
  if (replay?.mode !== 'again') return event;
  const bar = event.indexOf('|');
  return `${event.slice(0, bar)} ${replay.id}${event.slice(bar)}`;
}

/** The event of a piece of work. */
export function eventOf(work: string): string {
  return work.replace(/ [^|]*\|/, '|');
}

/** The message attributes by which the runtime knows a replay. */
export function attributesOf({ id, mode }: Replay): Readonly<Record<string, string>> {
  return { replay: id, replaymode: mode };
}

/** Whether two messages are of the same replay, or both of none. */
export function isSameReplay(
  a: Readonly<Record<string, string>> = {},
  b: Readonly<Record<string, string>> = {},
): boolean {
  return a.replay === b.replay && a.replaymode === b.replaymode;
}

/** What is left of a dead letter's attributes when it is sent back: all but its reason. */
export function withoutReason({
  replay,
  replaymode,
}: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> | undefined {
  if (replay === undefined && replaymode === undefined) return undefined;
  return { ...(replay !== undefined && { replay }), ...(replaymode !== undefined && { replaymode }) };
}
