import { Annotations } from 'aws-cdk-lib';
import type { EventContract } from '../contracts/define-event.ts';
import { consumersOf } from './consumers-of.ts';
import type { EventBus } from './event-bus.ts';
import { type VersionTaken, versionsForgotten, versionsMissed, versionsTaken } from './versions-taken.ts';

/**
 * Tells who takes which version of every event, and warns of versions that are not taken: on the bus when nobody takes one,
 * on a consumer when it takes another of the same event. These are annotations: no template changes.
 *
 * @param events contracts that anybody may publish, whoever takes them
 */
export function tellVersions(bus: EventBus, events: readonly EventContract[]): void {
  const consumers = consumersOf(bus);
  const taken = versionsTaken(
    events,
    consumers.map(({ definition }) => definition),
  );
  if (taken.length > 0) Annotations.of(bus).addInfoV2('fanfare:versions', describe(taken));
  for (const { versionedType } of versionsForgotten(taken)) {
    Annotations.of(bus).addWarningV2(
      `fanfare:nobodyTakes:${versionedType}`,
      `nobody takes ${versionedType}, although another version of it is taken: what is published in this one has no effect. Let the consumers' contract know it before anybody publishes it`,
    );
  }
  for (const consumer of consumers) {
    for (const { versionedType } of versionsMissed(taken, consumer.definition)) {
      Annotations.of(consumer).addWarningV2(
        `fanfare:doesNotTake:${versionedType}`,
        `${consumer.definition.name} does not take ${versionedType}, only other versions of it: events of this one never reach it. Give it a contract that knows it, or let the producers publish a version that it takes as well`,
      );
    }
  }
}

function describe(taken: readonly VersionTaken[]): string {
  const lines = taken.map(
    ({ version, takers }) => `  ${version.versionedType}: ${takers.join(', ') || 'nobody yet'}`,
  );
  return ['who takes what:', ...lines].join('\n');
}
