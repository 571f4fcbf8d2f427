import type { EventContract } from '../../contracts/define-event.ts';
import type { ProducerRule } from '../../contracts/producers/producer-rule.ts';
import { suggest } from '../../contracts/text/nearest-name.ts';
import type { OpsClients } from '../clients.ts';
import type { DeployedBridge } from '../deployed-bridge.ts';
import type { DeployedConsumer, Deployment } from '../deployment.ts';
import { UnknownNameError } from '../errors.ts';
import { ownerName } from '../find-stacks.ts';
import { attempt, type Problem } from '../problem.ts';
import type { ScheduledEvent } from '../scheduled/scheduled-event.ts';
import { type EventParties, type EventProducer, splitVersion, versionsOf } from './parties.ts';
import { readProducers } from './read-producers.ts';
import { readRecurring } from './read-recurring.ts';
import { readSubscribers, type Subscriber } from './read-subscribers.ts';
import { takeOf, typesNamed } from './take.ts';

export interface Parties {
  /** Sorted by type. */
  readonly events: readonly EventParties[];
  /** What could not be read: then somebody may be missing. */
  readonly problems: readonly Problem[];
}

/**
 * Reads who publishes and who takes each event of a bus, from what is deployed. Whoever has a permission of IAM to publish to the topic
 * itself is not known.
 *
 * @param deployment of the bus
 * @param contracts of this repository: they name events that nobody takes, and those that are internal
 */
export async function readParties(
  clients: OpsClients,
  deployment: Deployment,
  contracts: readonly Pick<EventContract, 'type' | 'versions' | 'internal'>[],
): Promise<Parties> {
  const [{ subscribers, problems }, producers, recurring] = await Promise.all([
    readSubscribers(clients, deployment),
    attempt(
      { resource: 'producers of the bus', name: deployment.stackName },
      readProducers(clients, deployment),
    ),
    attempt(
      { resource: 'schedules of the bus', name: deployment.stackName },
      readRecurring(clients, deployment),
    ),
  ]);
  const consumers = deployment.consumers.filter(({ bus }) => bus === deployment.stackName);
  const bridges = deployment.bridges.filter(({ bus }) => bus === deployment.stackName);
  const facts: Facts = {
    busOwner: deployment.busOwner ? ownerName(deployment.busOwner) : deployment.owner,
    rules: producers.value,
    emitters: consumers,
    bridges,
    recurring: recurring.value ?? [],
    subscribers,
    internal: new Set(contracts.flatMap(({ internal, type }) => (internal ? type : []))),
    versionedTypes: [
      ...contracts.flatMap(({ versions }) => versions.map(({ versionedType }) => versionedType)),
      ...consumers.flatMap(({ emits = [] }) => emits),
      ...bridges.flatMap(({ emits }) => emits),
      ...(recurring.value ?? []).map(({ type }) => type),
      ...subscribers.flatMap(({ policy }) => typesNamed(policy)),
    ],
  };
  const types = new Set([
    ...facts.versionedTypes.flatMap((one) => splitVersion(one)?.type ?? []),
    ...(facts.rules ?? []).flatMap((rule) => rule.types),
  ]);
  return {
    events: [...types].toSorted().map((type) => partiesOf(type, facts)),
    problems: [...problems, ...producers.problems, ...recurring.problems, ...consumers.flatMap(withoutEmits)],
  };
}

/** What is known of a bus. */
interface Facts {
  readonly busOwner: string;
  /** Null: not known. */
  readonly rules: readonly ProducerRule[] | null;
  readonly emitters: readonly DeployedConsumer[];
  readonly bridges: readonly DeployedBridge[];
  /** What the bus publishes by itself. */
  readonly recurring: readonly ScheduledEvent[];
  readonly subscribers: readonly Subscriber[];
  /** Types that only consumers may emit. */
  readonly internal: ReadonlySet<string>;
  readonly versionedTypes: readonly string[];
}

/**
 * Those of one event, or of one version of it.
 *
 * @param typed with its version or without
 * @throws UnknownNameError with near names, when neither a contract nor the deployment names it
 */
export function partiesNamed(events: readonly EventParties[], typed: string): EventParties {
  const whole = events.find(({ type }) => type === typed);
  if (whole) return whole;
  const { type, version } = splitVersion(typed) ?? {};
  const found = events.find((event) => event.type === type);
  if (found && version !== undefined && found.versions.includes(version)) return ofVersion(found, version);
  const names = found
    ? found.versions.map((one) => `${found.type}.v${one}`)
    : events.map((event) => event.type);
  throw new UnknownNameError(
    `neither a contract here nor the deployment has an event '${typed}'${suggest(typed, names)}`,
  );
}

function ofVersion(event: EventParties, version: number): EventParties {
  const has = ({ versions }: { readonly versions: readonly number[] }): boolean =>
    versions.length === 0 || versions.includes(version);
  return {
    ...event,
    versions: [version],
    producers: event.producers.filter(has),
    consumers: event.consumers
      .filter(has)
      .map((consumer) => ({ ...consumer, filters: consumer.filters.filter(has) })),
  };
}

function partiesOf(type: string, facts: Facts): EventParties {
  return {
    type,
    versions: versionsOf(type, facts.versionedTypes),
    producers: [...callersOf(type, facts), ...emittersOf(type, facts), ...schedulesOf(type, facts)],
    consumers: facts.subscribers.flatMap(({ name, owner, policy }) => {
      const take = takeOf(type, policy);
      return take ? [{ name, owner, ...take }] : [];
    }),
  };
}

/** Who may publish it over the HTTP API. */
function callersOf(type: string, { rules, internal, busOwner: owner }: Facts): readonly EventProducer[] {
  if (rules === null || internal.has(type)) return [];
  if (rules.length === 0) return [{ kind: 'anyone', name: '', owner, versions: [] }];
  return rules
    .filter(({ types }) => types.includes(type))
    .map(({ name, sources }) => ({ kind: 'declared', name, owner, versions: [], sources }));
}

function emittersOf(type: string, { emitters, bridges }: Facts): readonly EventProducer[] {
  const all = [
    ...emitters.map((consumer) => ({ ...consumer, kind: 'consumer' as const })),
    ...bridges.map((bridge) => ({ ...bridge, kind: 'bridge' as const })),
  ];
  return all.flatMap(({ kind, label: name, owner, emits = [] }) => {
    const versions = versionsOf(type, emits);
    return versions.length > 0 ? [{ kind, name, owner, versions }] : [];
  });
}

/** What publishes it again and again. */
function schedulesOf(type: string, { recurring, busOwner: owner }: Facts): readonly EventProducer[] {
  return recurring.flatMap(({ name, type: versionedType, source, expression, timezone }) => {
    const versions = versionsOf(type, [versionedType]);
    if (versions.length === 0) return [];
    return [{ kind: 'schedule', name, owner, versions, sources: [source], expression, timezone }];
  });
}

/** A stack of an older version does not say what its consumer emits. */
function withoutEmits({ emits, stackName }: DeployedConsumer): readonly Problem[] {
  if (emits !== undefined) return [];
  const reason = 'it does not say what its consumer emits; deploy it again with this version';
  return [{ resource: 'output Emits of stack', name: stackName, missing: false, reason }];
}
