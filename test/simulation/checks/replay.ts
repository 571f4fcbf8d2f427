import type { Replay } from '../../../lib/contracts/delivery/replay.ts';
import type { Batch } from '../simulated-consumer.ts';

/** Looks at what a handler is told of the replay that has sent its event: what its messages say, and nothing if one of them is of no replay. */
export function judgeReplay(
  { world, consumer, receipts }: Batch,
  identity: string,
  told: Replay | undefined,
): void {
  const replays = receipts
    .filter(({ message }) => message.identity === identity)
    .map(
      ({ message: { attributes = {} } }) =>
        attributes.replay && `${attributes.replay} ${attributes.replaymode}`,
    );
  const said = told && `${told.id} ${told.mode}`;
  const isRight = replays.includes(undefined) ? said === undefined : replays.includes(said);
  if (!isRight)
    world.ledger.violate(
      `${consumer.name} was told of ${said ?? 'no replay'} with ${identity}, which ${replays.join(' and ') || 'nobody'} has sent`,
    );
}
