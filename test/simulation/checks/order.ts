import type { History } from '../ledger.ts';
import { emissionsOf } from '../stories/script.ts';
import type { World } from '../world.ts';
import { answerId } from './publication.ts';

/** On FIFO queues, the effects of a message group happen in the order in which its events were sent, at both consumers. */
export function orderViolations({ settings, ledger }: World): string[] {
  if (!settings.fifo) return [];
  const histories = [...ledger.histories];
  const groups = Map.groupBy(
    histories.filter(({ consumer }) => consumer === 'first'),
    ({ groupId }) => groupId,
  );
  return [...groups].flatMap(([group, events]) => {
    // What was dead for a time has lost its place; so has what came of it.
    const inPlace = events.filter(({ burials }) => burials.length === 0);
    const answers = inPlace.flatMap(({ identity, script }) =>
      Array.from({ length: emissionsOf(script) }, (_, position) =>
        ledger.history('second', `/consumers/first|${answerId(identity, position)}`),
      ).filter((answer): answer is History => answer !== undefined && answer.burials.length === 0),
    );
    return [
      ...(isAscending(inPlace.map(happenedAt))
        ? []
        : [`the effects of group ${group} happened in another order`]),
      ...(isAscending(answers.map(({ sentAt }) => sentAt[0]))
        ? []
        : [`the events of group ${group} were published in another order`]),
      ...(isAscending(answers.map(happenedAt))
        ? []
        : [`the effects of what group ${group} has emitted happened in another order`]),
    ];
  });
}

/** When an event was first done: its effect, or the end of a handler that has none, or a commit of nothing. */
function happenedAt({ effects, mails, runs, doneAt, script }: History): number | undefined {
  const returned = runs.flatMap(({ ended, endedAt }) => (ended === 'returned' && endedAt ? [endedAt] : []));
  // A process that dies after a commit of nothing has done all that was to do, though its handler never returns.
  const ends = script.commit === 'only rejected' ? [...returned, ...doneAt] : returned;
  return effects[0]?.at ?? mails[0]?.at ?? (ends.length > 0 ? Math.min(...ends) : undefined);
}

function isAscending(times: readonly (number | undefined)[]): boolean {
  let latest = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time === undefined) continue;
    if (time < latest) return false;
    latest = time;
  }
  return true;
}
