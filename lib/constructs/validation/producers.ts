import { overlap, type ProducerDefinition } from '../../contracts/producers/define-producer.ts';
import { MAX_ENVIRONMENT_BYTES } from '../aws-limits.ts';

/** What the other variables of the publish function take at most. */
const OTHER_VARIABLES_BYTES = 1_024;

/**
 * Checks that no two producers share a name or a source: two with one source could use each other's ids.
 *
 * @param text the producers, as the environment variable has them
 * @throws Error naming the two, or how long the declarations are
 */
export function validateProducers(producers: readonly ProducerDefinition[], text: string): void {
  for (const [index, one] of producers.entries()) {
    for (const other of producers.slice(index + 1)) {
      if (one.name === other.name) throw new Error(`two producers have the name ${one.name}`);
      const shared = one.sources.find((source) => other.sources.some((theirs) => overlap(source, theirs)));
      if (shared === undefined) continue;
      throw new Error(
        `the producers ${one.name} and ${other.name} share the source ${shared}: one could use up the ids of the other. Give each its own`,
      );
    }
  }
  const bytes = Buffer.byteLength(text);
  const most = MAX_ENVIRONMENT_BYTES - OTHER_VARIABLES_BYTES;
  if (bytes > most) {
    throw new Error(
      `the declarations of ${producers.length} producers have ${bytes} bytes, and the function's environment has room for ${most}; ` +
        'name sources by a common beginning (/shop/*), or give producers that are alike one role',
    );
  }
}
