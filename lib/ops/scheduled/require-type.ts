import { suggest } from '../../contracts/text/nearest-name.ts';
import { eventName } from '../../contracts/versions/event-name.ts';
import type { OpsClients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import { UnknownNameError } from '../errors.ts';
import { readSubscribedTypes } from '../trace/read-subscribed-types.ts';

/**
 * Refuses a type that nobody knows, because it is misspelt. A version that does not exist is no mistake: there may have been one.
 *
 * @param typed with or without its version
 * @param known types with their versions, beside those that consumers take
 * @throws UnknownNameError that names the types that are known
 */
export async function requireType(
  clients: Pick<OpsClients, 'sns'>,
  { consumers }: Pick<Deployment, 'consumers'>,
  { typed, known }: { readonly typed: string; readonly known: readonly string[] },
): Promise<void> {
  const named = (types: Iterable<string>) => [...types].map(eventName);
  const meant = eventName(typed);
  if (named(known).includes(meant)) return;
  const { subscribedTypes, problems } = await readSubscribedTypes(clients, consumers);
  const names = named([...known, ...[...subscribedTypes.values()].flatMap((types) => [...types])]);
  // When a subscription cannot be read, nobody can say that the type does not exist.
  if (names.includes(meant) || problems.length > 0) return;
  throw new UnknownNameError(
    `no event of the type '${typed}' is kept, and no contract and no consumer has it${suggest(meant, [...new Set(names)].toSorted())}`,
  );
}
