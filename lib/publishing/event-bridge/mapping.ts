import type { DataOf, EventContract } from '../../contracts/define-event.ts';
import { describeThrown } from '../../contracts/text/problem.ts';
import { type EventBridgeEvent, UnpublishableEventError } from './event-bridge-event.ts';

/** Attributes of the published event that an event of EventBridge does not have. */
export interface MappedAttributes {
  /** What the event is about. @default - the ARN in `resources`, when there is exactly one */
  readonly subject?: string | undefined;
  /** Required on a FIFO bus: which events stay in order. EventBridge itself keeps no order. @default - none */
  readonly partitionkey?: string | undefined;
  /** On a standard bus, the tenant that the event belongs to. @default - the bridge */
  readonly tenant?: string | undefined;
}

/** Which events of EventBridge become which event of the bus. */
export interface EventBridgeMapping<Contract extends EventContract = EventContract> {
  /** `source` of the events, such as `aws.s3`. */
  readonly source: string;
  /** Their `detail-type`, such as `Object Created`. */
  readonly detailType: string;
  /** What they become. It cannot be internal. */
  readonly contract: Contract;
  /**
   * Makes the data. The same event must always have the same data. What it throws is the reason of a dead letter.
   *
   * @default - the `detail` as it is
   */
  readonly data?: (event: EventBridgeEvent) => DataOf<Contract>;
  /** Sets attributes. The same event must always have the same ones. @default - the subject alone, from `resources` */
  readonly attributes?: (event: EventBridgeEvent) => MappedAttributes;
}

/**
 * Finds the mapping of an event.
 *
 * @throws UnpublishableEventError when there is none: the pattern of the rule lets more through than the mappings name
 */
export type FindMapping = (event: EventBridgeEvent) => EventBridgeMapping;

/** @throws TypeError when two mappings are for the same events, or a contract is internal */
export function createMappings(mappings: readonly EventBridgeMapping[]): FindMapping {
  const found = new Map<string, EventBridgeMapping>();
  for (const mapping of mappings) {
    const key = keyOf(mapping.source, mapping.detailType);
    const { versionedType, internal } = mapping.contract;
    if (found.has(key)) {
      throw new TypeError(`'${mapping.detailType}' of ${mapping.source} is mapped twice; leave one out`);
    }
    if (internal) {
      throw new TypeError(
        `${versionedType} is internal: only consumers may emit it; map '${mapping.detailType}' to another event`,
      );
    }
    found.set(key, mapping);
  }
  return ({ source, 'detail-type': detailType }) => {
    const mapping = found.get(keyOf(source, detailType));
    if (mapping) return mapping;
    throw new UnpublishableEventError(
      `no mapping is for '${detailType}' of ${source}; add one, or narrow the pattern of the rule`,
    );
  };
}

function keyOf(source: string, detailType: string): string {
  return JSON.stringify([source, detailType]);
}

/** What {@link MappedAttributes} names. The id, for one, makes a repeated event the same event, so a mapping cannot set it. */
const MAY_BE_SET: readonly string[] = [
  'subject',
  'partitionkey',
  'tenant',
] satisfies readonly (keyof MappedAttributes)[];

/** The scheme of the `source` of every event that comes from EventBridge. */
const SOURCE_SCHEME = 'eventbridge:';

/**
 * The attributes of an event of the bus, not yet checked. Its `id` is EventBridge's, so that an event that is delivered again is the same
 * event.
 *
 * @throws UnpublishableEventError when a function of the mapping throws, or sets an attribute that it may not set
 */
export function applyMapping(mapping: EventBridgeMapping, event: EventBridgeEvent): object {
  const { versionedType } = mapping.contract;
  const { attributes, data } = callMapping(mapping, event);
  const forbidden = Object.entries(attributes).find(
    ([name, value]) => value !== undefined && !MAY_BE_SET.includes(name),
  );
  if (forbidden) {
    throw new UnpublishableEventError(
      `its mapping to ${versionedType} sets the attribute '${forbidden[0]}'; a mapping may set ${MAY_BE_SET.join(', ')}`,
    );
  }
  return {
    ...attributes,
    specversion: '1.0',
    id: event.id,
    source: `${SOURCE_SCHEME}${event.source.split('/').map(encodeURIComponent).join('/')}`,
    type: versionedType,
    time: event.time,
    data,
  };
}

function callMapping(mapping: EventBridgeMapping, event: EventBridgeEvent) {
  try {
    const { data = ({ detail }) => detail, attributes = () => ({}) } = mapping;
    const subject = event.resources.length === 1 ? { subject: event.resources[0] } : {};
    return { attributes: { ...subject, ...attributes(event) }, data: data(event) };
  } catch (cause) {
    throw new UnpublishableEventError(
      `its mapping to ${mapping.contract.versionedType} throws: ${describeThrown(cause)}`,
      { cause },
    );
  }
}
