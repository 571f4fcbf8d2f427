import { createHash } from 'node:crypto';
import { MAX_QUEUE_NAME_LENGTH } from '../aws-limits.ts';

/** A queue name is the shortest that AWS allows, and `.fifo` may be added to it. */
const MAX_NAME = MAX_QUEUE_NAME_LENGTH - '.fifo'.length;

/** A unique name for a resource, the same after every restart. */
export function physicalName(stackName: string, logicalId: string): string {
  const name = `${stackName}-${logicalId}`;
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 9)}-${digest(name)}`;
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
