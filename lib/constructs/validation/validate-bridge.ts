import type { EventContract } from '../../contracts/define-event.ts';
import { validateStackRole } from './names.ts';

interface Bridge {
  readonly name: string;
  readonly publishes: readonly EventContract[];
}

/** As that of a consumer: it is a part of stack names, and the attribute `producer` of events. */
const NAME_PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** @throws Error naming everything about the bridge that cannot work */
export function validateBridge({ name, publishes }: Bridge): void {
  const findings = [
    ...(NAME_PATTERN.test(name) ? [] : ["its name must be kebab-case, for example 'from-payments'"]),
    ...validateStackRole(name),
    ...(publishes.length === 0
      ? ['it publishes no event; give it the contracts of its mappings in `publishes`']
      : []),
  ];
  if (findings.length === 0) return;
  throw new Error(`bridge '${name}' cannot work:\n${findings.map((finding) => `- ${finding}`).join('\n')}`);
}
