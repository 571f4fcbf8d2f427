import { findVersions, type HeldVersion } from '../../ops/archive/find-versions.ts';
import { openArchive } from '../../ops/archive/open-archive.ts';
import { UnreadableError } from '../../ops/errors.ts';
import { type TargetOptions, withDeployment } from '../operate/target.ts';
import { formatTime } from '../terminal/format-time.ts';

/** What the archive of a deployment says about the retirement of some versions. */
export interface Held {
  /** Why it is refused; empty when it is not. */
  readonly refusals: readonly string[];
  /** What else there is to know. */
  readonly notes: readonly string[];
}

/**
 * Looks into the archive of the deployment that is named, for events of versions that are to be retired: a replay would send them to consumers
 * that cannot read them any more.
 *
 * @throws UnreadableError when the deployment has no archive, or an object that may have such an event cannot be read
 */
export async function findHeld(
  types: readonly string[],
  options: TargetOptions & { readonly local: boolean },
): Promise<Held> {
  if (options.stage === undefined && !options.local) {
    return {
      refusals: [],
      notes: [
        `No archive was asked whether it has events of ${types.join(', ')}: name the deployment with --stage, or --local`,
      ],
    };
  }
  return withDeployment(options, async ({ clients, deployment, place }) => {
    const { store } = await openArchive(clients, deployment, place);
    const { held, unreadable } = await findVersions(store, types);
    if (held.length > 0)
      return { refusals: held.map((one) => refusalOf(one, deployment.stackName)), notes: [] };
    const [first] = unreadable;
    if (first !== undefined) {
      throw new UnreadableError(
        `whether the archive of ${deployment.stackName} has events of ${types.join(', ')} is not known: ${unreadable.length} of its objects could not be read as a whole, such as ${first}`,
      );
    }
    return {
      refusals: [],
      notes: [`The archive of ${deployment.stackName} has no event of ${types.join(', ')}.`],
    };
  });
}

function refusalOf({ type, id, arrivedAt, key }: HeldVersion, bus: string): string {
  return [
    `${type} is still in the archive of ${bus}: the first event is ${id}, of ${formatTime(arrivedAt)}, in ${key}`,
    `  Bring it back under 'earlier', so that a replay can be read; or wait until the archive has let these events go (archiveDays).`,
  ].join('\n');
}
