import type { Construct } from 'constructs';
import type { EventContract } from '../../../contracts/define-event.ts';
import type { ProducerDefinition } from '../../../contracts/producers/define-producer.ts';
import { checkOtherAccount } from './account-id.ts';

/** Somebody in another account who may publish. */
export type ForeignPublisher = ApiPublisher | TopicPublisher;

interface InAnotherAccount {
  /**
   * An account (12 digits), or one role in it by its ARN. A `*` at the end of the ARN stands for what CloudFormation adds to a name:
   * `arn:aws:iam::222222222222:role/fraud-prod-Screening-*`.
   */
  readonly principal: string;
}

/** Publishes over the HTTP API, which checks contracts and producers. It assumes a role that the stack of the bus makes for it. */
export interface ApiPublisher extends InAnotherAccount {
  readonly through: 'api';
  /** The events that it may publish, in any version; one or more. */
  readonly events: readonly EventContract[];
}

/**
 * Publishes to the topic itself: a consumer that emits. Nothing but its own code checks what it publishes, so it is trusted like a consumer of
 * the account of the bus.
 */
export interface TopicPublisher extends InAnotherAccount {
  readonly through: 'topic';
}

/** Each has a statement in the policy of the topic, beside those of `allowAccounts`. */
const MAX_TOPIC_PUBLISHERS = 10;
const ROLE_ARN = /^arn:aws[\w-]*:iam::([^:]*):role\/(?:[\w+=,.@/-]*\/)?([\w+=,.@-]+)\*?$/;

/** Which account a principal is of, and which role. */
export interface PrincipalParts {
  readonly account: string;
  /** Name of the role. @default - all principals of the account */
  readonly role?: string;
}

export function partsOfPrincipal(principal: string): PrincipalParts {
  const [, account, role] = ROLE_ARN.exec(principal) ?? [];
  return account === undefined || role === undefined ? { account: principal } : { account, role };
}

/**
 * Checks the publishers of other accounts, and that none gets around the producers of the bus.
 *
 * @throws TypeError naming the principal, and what to do
 */
export function checkForeignPublishers(
  scope: Construct,
  publishers: readonly ForeignPublisher[],
  producers: readonly ProducerDefinition[],
): void {
  for (const [index, { principal, through }] of publishers.entries()) {
    if (principal.startsWith('arn:') && !ROLE_ARN.test(principal)) {
      throw new TypeError(`allowPublishers has '${principal}', which is no ARN of a role`);
    }
    checkOtherAccount(scope, 'allowPublishers', partsOfPrincipal(principal).account);
    if (publishers.findIndex((one) => one.principal === principal && one.through === through) !== index)
      throw new TypeError(`allowPublishers has ${principal} twice through the ${through}; list it once`);
  }
  const throughTopic = publishers.filter(({ through }) => through === 'topic').length;
  if (throughTopic > MAX_TOPIC_PUBLISHERS) {
    throw new TypeError(
      `allowPublishers has ${throughTopic} publishers through the topic, and its policy has room for ${MAX_TOPIC_PUBLISHERS}; ` +
        "let the others publish through: 'api', or name an account instead of its roles",
    );
  }
  for (const publisher of publishers) {
    if (publisher.through === 'api') checkApiPublisher(publisher, producers);
    else checkTopicPublisher(publisher, producers);
  }
}

function checkApiPublisher(
  { principal, events }: ApiPublisher,
  producers: readonly ProducerDefinition[],
): void {
  if (events.length === 0) {
    throw new TypeError(
      `${principal} in allowPublishers may publish no event; give it at least one in 'events'`,
    );
  }
  if (producers.length === 0) return;
  const producer = producers.find((one) => 'iam' in one.principal && one.principal.iam === principal);
  if (producer === undefined) {
    throw new TypeError(
      `${principal} in allowPublishers is not a declared producer, so the bus would refuse all that it publishes; ` +
        `add defineProducer({ principal: { iam: '${principal}' }, ... }) to the producers`,
    );
  }
  const other = events.find(({ type }) => !producer.types.some((one) => one.type === type));
  if (other === undefined) return;
  throw new TypeError(
    `${principal} in allowPublishers may publish ${other.type}, for which the producer ${producer.name} is not declared; ` +
      'name the same events in both',
  );
}

/** The topic knows no producers. Where they are declared, an account as a whole could publish in the name of each of them. */
function checkTopicPublisher({ principal }: TopicPublisher, producers: readonly ProducerDefinition[]): void {
  if (producers.length === 0 || partsOfPrincipal(principal).role !== undefined) return;
  throw new TypeError(
    `everybody in the account ${principal} could publish to the topic, in the name of any producer of the bus; ` +
      "name the role of the consumer that emits, or let it publish through: 'api'",
  );
}
