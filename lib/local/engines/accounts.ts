import { AsyncLocalStorage } from 'node:async_hooks';
import type { BuildAppOptions, buildApp } from 'fauxqs';

type Stores = NonNullable<BuildAppOptions['stores']>;

/** The account of what runs here, and of every caller whose access key is no account. */
export const OWN_ACCOUNT = '000000000000';

/** Whose request is being answered. */
const caller = new AsyncLocalStorage<string>();

/**
 * Lets several accounts share the engine: the queues that a caller creates are of its account, which its access key names. fauxqs 2.4.1 knows
 * one account. Names of queues and topics are still unique over all accounts; those of stacks are.
 *
 * Call it before queues are created or loaded, and before the engine listens.
 */
export function keepAccounts({ sqsStore, snsStore }: Stores): void {
  Object.assign(sqsStore, { queuesByArn: new AnyAccount() });
  Object.assign(snsStore, { topics: new AnyAccount() });
  const createQueue = sqsStore.createQueue.bind(sqsStore);
  sqsStore.createQueue = (name, url, arn, ...rest) => {
    const account = callingAccount();
    return createQueue(
      name,
      url.replace(`/${OWN_ACCOUNT}/`, `/${account}/`),
      arn.replace(`:${OWN_ACCOUNT}:`, `:${account}:`),
      ...rest,
    );
  };
}

/** Notes whose request each one is. */
export function noteCallers(app: ReturnType<typeof buildApp>): void {
  app.addHook('preHandler', (request, _reply, done) => {
    caller.run(accountOf(request.headers.authorization), done);
  });
}

/** The account of whose request is being answered. */
export function callingAccount(): string {
  return caller.getStore() ?? OWN_ACCOUNT;
}

/** The access key of a signed request is the account when it has twelve digits. */
function accountOf(authorization = ''): string {
  return /Credential=(\d{12})\//.exec(authorization)?.[1] ?? OWN_ACCOUNT;
}

/** Finds an ARN whatever account it names. */
class AnyAccount<V> extends Map<string, V> {
  override get(arn: string): V | undefined {
    return super.get(inOwnAccount(arn));
  }

  override has(arn: string): boolean {
    return super.has(inOwnAccount(arn));
  }

  override set(arn: string, value: V): this {
    return super.set(inOwnAccount(arn), value);
  }

  override delete(arn: string): boolean {
    return super.delete(inOwnAccount(arn));
  }
}

function inOwnAccount(arn: string): string {
  return arn.replace(/^(arn:[^:]*:[^:]*:[^:]*):\d{12}:/, `$1:${OWN_ACCOUNT}:`);
}
