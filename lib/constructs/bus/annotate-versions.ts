import { Annotations } from 'aws-cdk-lib';
import type { EventContract } from '../../contracts/define-event.ts';
import { consumersOf } from './consumers-of.ts';
import type { IEventBus } from './i-event-bus.ts';
import { type VersionTaken, versionsForgotten, versionsMissed, versionsTaken } from './versions-taken.ts';

/**
 * Lists the consumers of each event version as an annotation, and warns of versions without a consumer: on the bus when no consumer takes
 * a version, on a consumer when it takes only other versions of the same event. Annotations change no template.
 *
 * @param events contracts that may be published, also those without a consumer
 */
export function annotateVersions(bus: IEventBus, events: readonly EventContract[]): void {
  const consumers = consumersOf(bus);
  const taken = versionsTaken(
    events,
    consumers.map(({ definition }) => definition),
  );
  if (taken.length > 0) Annotations.of(bus).addInfoV2('fanfare:versions', describe(taken));
  for (const { versionedType } of versionsForgotten(taken)) {
    Annotations.of(bus).addWarningV2(
      `fanfare:noConsumer:${versionedType}`,
      `no consumer takes ${versionedType}, although another version of it is taken: events of this version have no effect. Add it to the consumers' contract before it is published`,
    );
  }
  for (const consumer of consumers) {
    for (const { versionedType } of versionsMissed(taken, consumer.definition)) {
      Annotations.of(consumer).addWarningV2(
        `fanfare:doesNotTake:${versionedType}`,
        `${consumer.definition.name} does not take ${versionedType}, only other versions of it: events of this version never reach it. Give it a contract that has this version, or let the producers publish a version that it takes as well`,
      );
    }
  }
}

function describe(taken: readonly VersionTaken[]): string {
  const lines = taken.map(
    ({ version, consumers }) => `  ${version.versionedType}: ${consumers.join(', ') || 'none yet'}`,
  );
  return ['consumers of each version:', ...lines].join('\n');
}
