import type { Node } from 'constructs';
import { countEdits } from '../../contracts/text/nearest-name.ts';
import { SETTING_NAMES } from './context-text.ts';

/** The CDK's own keys have a colon: `aws:cdk:...`, `@aws-cdk/core:...`, look-ups. A setting has none. */
const OF_CDK = ':';
/** So many letters of a setting's name allow for one edit. Of a short name every edit makes another word. */
const LETTERS_PER_EDIT = 5;

/**
 * Refuses a key of the context that looks like a misspelt setting: an alarm without a receiver because of a slip would be noticed too late.
 * Other keys are the app's own.
 *
 * @throws TypeError that names the key and the setting
 */
export function refuseMisspelt(node: Node): void {
  const known = new Set<string>(SETTING_NAMES);
  for (const key of Object.keys(node.getAllContext())) {
    if (known.has(key) || key.includes(OF_CDK)) continue;
    const meant = SETTING_NAMES.find((name) => countEdits(key, name) <= name.length / LETTERS_PER_EDIT);
    if (meant === undefined) continue;
    throw new TypeError(
      `'${key}' is no setting; did you mean ${meant}? If the key is your app's own, give it a name that is less like it. ` +
        `Settings are ${SETTING_NAMES.join(', ')}`,
    );
  }
}
