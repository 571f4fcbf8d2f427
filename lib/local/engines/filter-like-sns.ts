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

/** What fauxqs takes for a policy that lets everything through, and for one that lets nothing through. */
const EVERYTHING = {};
const NOTHING = { $or: [] };

/**
 * fauxqs 2.4.1 takes texts of digits for numbers, true for its text, null for nothing, compares numbers of any size, and has no values
 * for lists. This judges by what AWS documents: fauxqs tells its spy of each message before it asks the subscriptions for their
 * policies, and gets one that says yes or no to this message.
 *
 * @param store in which there are no subscriptions yet
 */
export function filterLikeSns(store: SnsStore): void {
  let published: Published | undefined;
  const addMessage = (message: Published): void => {
    published = message;
  };
  Object.assign(store, { spy: { addMessage } });
  const set = store.subscriptions.set.bind(store.subscriptions);
  store.subscriptions.set = (arn, subscription) => {
    const get = (): object => (published && passes(subscription, published) ? EVERYTHING : NOTHING);
    // What fauxqs would keep is a policy that it has parsed.
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
    // Such a message has nothing that could match.
    return undefined;
  }
}
