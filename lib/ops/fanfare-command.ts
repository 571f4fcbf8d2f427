import type { Target } from './clients.ts';
import type { DeploymentName } from './find-stacks.ts';

/** The deployment that a command acts on. */
export interface Whereabouts extends DeploymentName {
  readonly place: Target;
}

/**
 * A command for a message that advises to run it. It has the options that name the deployment; without them the command would act on the
 * deployment on this machine.
 *
 * @param words such as `dlq list email`
 */
export function fanfareCommand(words: string, { place, app, stage }: Whereabouts): string {
  if (place.kind === 'local') return `npx fanfare ${words}`;
  const { profile, region } = place;
  const options = Object.entries({ app, stage, profile, region });
  const typed = options.flatMap(([name, value]) => (value === undefined ? [] : `--${name} ${value}`));
  return ['npx fanfare', words, ...typed].join(' ');
}
