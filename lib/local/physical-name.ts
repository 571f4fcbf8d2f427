import { createHash } from 'node:crypto';

/** SQS takes 80 characters; `.fifo` has to fit too. */
const MAX_NAME = 74;

/** A name for a resource that is the same over restarts, and unlike any other's. */
export function physicalName(stackName: string, logicalId: string): string {
  const name = `${stackName}-${logicalId}`;
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 9)}-${digest(name)}`;
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
