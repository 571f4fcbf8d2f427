import { type Published, publishedSchemas, type Schemas } from '../compatibility/check-contracts.ts';
import { compareVersions } from '../compatibility/compare-versions.ts';
import type { PublishedSchema } from '../compatibility/json-schema.ts';
import type { EventContract } from '../define-event.ts';
import { eventName } from '../versions/event-name.ts';
import type { AppConsumers, ConsumerTakes, TakenEvent } from './app-consumers.ts';

/** What the contracts mean for a consumer of some app. */
export interface ConsumerFinding {
  readonly app: string;
  readonly consumer: string;
  /** The type on the wire, such as `shop.OrderPlaced.v1`. */
  readonly type: string;
  /** Whether the consumer breaks. Otherwise it is a note. */
  readonly breaks: boolean;
  /** JSON pointer to what has changed in the data; absent when it is about the whole version. */
  readonly pointer?: string;
  readonly detail: string;
}

type Found = Pick<ConsumerFinding, 'type' | 'breaks' | 'pointer' | 'detail'>;

interface State {
  /** The schemas of the contracts as they are now. */
  readonly current: Schemas;
  readonly published: Published;
  /** Names of events that are or were published here. Other events of a consumer come from elsewhere. */
  readonly ours: ReadonlySet<string>;
}

/** Finds out which consumers of other apps the contracts break, and why. Breaking ones come first. */
export function checkConsumers(
  apps: readonly AppConsumers[],
  contracts: readonly EventContract[],
  published: Published,
): readonly ConsumerFinding[] {
  const current = publishedSchemas(contracts);
  const all = [current, published.files, ...published.bases.map(({ schemas }) => schemas)];
  const ours = new Set(all.flatMap((schemas) => [...schemas.keys()].map(eventName)));
  const state = { current, published, ours };
  return apps
    .flatMap(({ app, consumers }) =>
      consumers.flatMap(({ name, takes, schemas }) =>
        takes
          .filter(({ type }) => ours.has(type))
          .flatMap((taken) => [...checkTaken(taken, schemas, state)])
          .map((found) => ({ app, consumer: name, ...found })),
      ),
    )
    .toSorted((a, b) => Number(b.breaks) - Number(a.breaks));
}

function* checkTaken(taken: TakenEvent, known: ConsumerTakes['schemas'], state: State): Iterable<Found> {
  const { type, versions, where } = taken;
  for (const version of versions) {
    const versionedType = `${type}.v${version}`;
    const [before, now] = [known[versionedType], state.current.get(versionedType)];
    if (!now) yield withoutContract(versionedType, state);
    else if (before) yield* compareData(versionedType, [before, now], where);
  }
  for (const newer of state.current.keys()) {
    const isTaken = versions.some((version) => newer === `${type}.v${version}`);
    if (eventName(newer) !== type || isTaken) continue;
    yield { type: newer, breaks: false, detail: 'the consumer does not take this version' };
  }
}

function withoutContract(type: string, { published: { files, bases } }: State): Found {
  const schemas = [files, ...bases.map(({ schemas }) => schemas)].flatMap((all) => all.get(type) ?? []);
  if (schemas.some((schema) => schema['x-retired'])) {
    return { type, breaks: false, detail: 'the version is retired, and the consumer still takes it' };
  }
  return schemas.length > 0
    ? { type, breaks: true, detail: 'no contract has the version any more, and the consumer takes it' }
    : { type, breaks: false, detail: 'the version was never published here' };
}

function compareData(
  type: string,
  [before, now]: readonly [PublishedSchema, PublishedSchema],
  where: readonly string[],
): readonly Found[] {
  return compareVersions(before, now)
    .changes.filter(({ breaks }) => breaks.includes('consumers'))
    .map(({ pointer, detail }) => {
      const filter = where.find((path) => meets(path, pointer));
      const told = filter === undefined ? detail : `${detail}; the consumer's filter names ${filter}`;
      return { type, breaks: true, pointer, detail: told };
    });
}

/** Whether a change at a pointer into a schema is about the value that a filter compares, or about an object around it. */
function meets(path: string, pointer: string): boolean {
  const names = pointer
    .split('/')
    .slice(1)
    .flatMap((step, index, all) => (all[index - 1] === 'properties' ? [step] : []))
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
  return names !== '' && (path === names || path.startsWith(`${names}.`));
}
