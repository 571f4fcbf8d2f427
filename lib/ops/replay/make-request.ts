import { GetSubscriptionAttributesCommand } from '@aws-sdk/client-sns';
import { readKnownSince } from '../../archive/replay/reach/known-since.ts';
import { requireReach } from '../../archive/replay/reach/reach.ts';
import type { ReplayRequest } from '../../archive/replay/replay-state.ts';
import { parsePolicy } from '../../contracts/filter-policy/parse-policy.ts';
import { suggest } from '../../contracts/text/nearest-name.ts';
import { eventName } from '../../contracts/versions/event-name.ts';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer, Deployment } from '../deployment.ts';
import { UnknownNameError } from '../errors.ts';
import { typesOfFilter } from '../filter-types.ts';
import { undefinedIfMissing } from '../problem.ts';
import { requireReplays } from './open-replays.ts';

/** Thrown when a replay must not be started. Nothing was done. */
export class ReplayRefusedError extends Error {
  override readonly name = 'ReplayRefusedError';
}

/** What somebody asks for. */
export type AskedReplay = Pick<ReplayRequest, 'from' | 'to' | 'sources' | 'where' | 'mode' | 'rate'> & {
  /** With their versions or without. Empty: all that the consumer takes. */
  readonly types: readonly string[];
};

/** Events a second, when nothing else is asked for. */
export const DEFAULT_RATE = 100;
/** Events a second: more may not be asked for. */
export const MAX_RATE = 10_000;

/** What to do instead of a replay that reaches too far back. */
const REMEDY = 'begin later, or say --again if that is wanted';

/**
 * Makes the request of a replay to a consumer, with the filter that its subscription has now.
 *
 * @throws ReplayRefusedError when the consumer cannot be reached, or refuses
 * @throws ForgottenError when it would act twice on what it may no longer know
 * @throws UnknownNameError when it takes none of the types
 * @throws UnreadableError when the bus has no archive, or is not here
 */
export async function makeRequest(
  clients: Pick<OpsClients, 'sns' | 'dynamodb'>,
  deployment: Deployment,
  consumer: DeployedConsumer,
  asked: AskedReplay,
): Promise<ReplayRequest> {
  requireReplays(deployment);
  refuseUnreachable(deployment, consumer);
  refuseRepeating(consumer, asked);
  const { label, queueUrl, idempotencyTable } = consumer;
  const knowsSince = asked.mode === 'fill' ? await readKnownSince(clients.dynamodb, idempotencyTable) : 0;
  requireReach({ ...asked, consumer: label, knowsSince }, Date.now(), REMEDY);
  const filter = await readSubscription(clients, consumer);
  return {
    ...asked,
    ...filter,
    consumer: label,
    queueUrl,
    knowsSince,
    types: typesTaken(consumer, filter.filterPolicy, asked.types),
  };
}

function refuseUnreachable({ stackName, topicArn }: Deployment, consumer: DeployedConsumer): void {
  const { label, bus, queueUrl } = consumer;
  if (bus !== stackName)
    throw new ReplayRefusedError(
      `${label} listens to the bus ${bus}, and this is the archive of ${stackName}`,
    );
  const [account, ofQueue] = [topicArn.split(':')[4], new URL(queueUrl).pathname.split('/')[1]];
  if (account === ofQueue) return;
  throw new ReplayRefusedError(
    `the queue of ${label} is in the account ${ofQueue}, and the bus is in ${account}: a replay reaches only queues of its own account`,
  );
}

function refuseRepeating({ label, replay }: DeployedConsumer, { mode }: AskedReplay): void {
  if (mode === 'fill' || replay !== 'refuse') return;
  throw new ReplayRefusedError(
    `${label} refuses that its effects are repeated (replay: 'refuse' in its definition); without --again it gets what it has missed`,
  );
}

async function readSubscription(
  { sns }: Pick<OpsClients, 'sns'>,
  { label, subscriptionArn: SubscriptionArn }: DeployedConsumer,
): Promise<Pick<ReplayRequest, 'filterPolicy' | 'filterPolicyScope'>> {
  const answer = await undefinedIfMissing(
    sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
  );
  if (!answer)
    throw new ReplayRefusedError(
      `${label} has no subscription, so nobody knows what it takes; deploy its stack again`,
    );
  const { FilterPolicy = '', FilterPolicyScope } = answer.Attributes ?? {};
  return {
    // Without a filter, SNS may return an empty string.
    ...(FilterPolicy !== '' && { filterPolicy: parsePolicy(FilterPolicy, label) }),
    filterPolicyScope: FilterPolicyScope === 'MessageBody' ? 'MessageBody' : 'MessageAttributes',
  };
}

/** The types with their versions: objects without one of them need not be opened. */
function typesTaken(
  { label }: DeployedConsumer,
  filterPolicy: ReplayRequest['filterPolicy'],
  asked: readonly string[],
): readonly string[] {
  const taken = typesOfFilter(filterPolicy);
  if (asked.length === 0 || taken.length === 0) return asked.length === 0 ? taken : asked;
  const names = [...new Set([...taken, ...taken.map(eventName)])];
  const unknown = asked.find((type) => !names.includes(type));
  if (unknown !== undefined)
    throw new UnknownNameError(`${label} does not take '${unknown}'${suggest(unknown, names.toSorted())}`);
  return taken.filter((type) => asked.includes(type) || asked.includes(eventName(type)));
}
