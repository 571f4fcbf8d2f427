import { interceptAwsClients } from './intercept-aws.ts';
import { interceptNetwork } from './intercept-network.ts';
import { interceptRandom } from './intercept-random.ts';
import { interceptTime } from './intercept-time.ts';

const INTERCEPTORS = [interceptAwsClients, interceptNetwork, interceptRandom, interceptTime];

let users = 0;
let restore: (() => void)[] = [];

/**
 * Does something while handlers are intercepted. Only code that a handler has started is; everything else in the process
 * goes to the real thing, also meanwhile. When nobody uses it any more, everything is as it was.
 */
export async function intercepted<T>(work: () => Promise<T>): Promise<T> {
  if (users === 0) restore = INTERCEPTORS.map((intercept) => intercept());
  users += 1;
  try {
    return await work();
  } finally {
    users -= 1;
    if (users === 0) for (const undo of restore.toReversed()) undo();
  }
}
