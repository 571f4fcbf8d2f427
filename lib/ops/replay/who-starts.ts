import { hostname, userInfo } from 'node:os';

/** Who starts a replay from this machine, as the replay names it: `ada@laptop`. */
export function whoStarts(): string {
  return `${userInfo().username}@${hostname()}`;
}
