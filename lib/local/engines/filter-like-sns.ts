import type { BuildAppOptions } from 'fauxqs';
import {
  type MessageAttribute,
  matchesAttributes,
  matchesBody,
} from '../../contracts/filter-policy/matches-policy.ts';

type SnsStore = NonNullable<BuildAppOptions['stores']>['snsStore'];
type Subscription = Parameters<SnsStore['subscriptions']['set']>[1];

/** A message that SNS is about to deliver. */
interface Published {
  readonly body: string;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
}

/** Policies by which fauxqs delivers every message, or none. */
const MATCHES_ALL = {};
const MATCHES_NONE = { $or: [] };

/**
 * Makes fauxqs 2.4.1 evaluate filter policies as AWS documents them. Its own evaluation differs: see lib/local/README.md.
 *
 * fauxqs calls its spy with each message, and then reads the policy of each subscription. So this keeps the message, evaluates the policy, and
 * returns a policy that matches every message or none.
 *
 * @param store a store that has no subscriptions yet
 */
export function filterLikeSns(store: SnsStore): void {
  let published: Published | undefined;
  const addMessage = (message: Published): void => {
    published = message;
  };
  Object.assign(store, { spy: { addMessage } });
  const set = store.subscriptions.set.bind(store.subscriptions);
  store.subscriptions.set = (arn, subscription) => {
    const get = (): object => (published && passes(subscription, published) ? MATCHES_ALL : MATCHES_NONE);
    // fauxqs would set its own parsed policy here; that is ignored.
    Object.defineProperty(subscription, 'parsedFilterPolicy', { get, set: () => undefined });
    return set(arn, subscription);
  };
}

function passes({ attributes }: Subscription, { body, messageAttributes }: Published): boolean {
  const policy = JSON.parse(attributes.FilterPolicy ?? '{}');
  return attributes.FilterPolicyScope === 'MessageBody'
    ? matchesBody(policy, parsed(body))
    : matchesAttributes(policy, messageAttributes);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A body that is no JSON matches no policy.
    return undefined;
  }
}
