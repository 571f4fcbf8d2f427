import type { ConsumerDefinition } from '../define-consumer.ts';
import type { EventContract } from '../define-event.ts';
import { refuseWrongBreaker } from '../delivery/breaker.ts';
import { isTimestamp } from '../envelope/attribute-types.ts';

export { refuseWrongPersonal } from './check-personal.ts';

export { refuseWrongSaga } from './check-saga.ts';

export { refuseWrongSchedule } from './check-schedule.ts';

export { refuseWrongScheduleForm } from './check-schedule-form.ts';

/**
 * Refuses an upcast that is an async function or a generator, because it would return a promise or an iterator instead of the data.
 *
 * @throws TypeError that names the version
 */
export function refuseLateUpcast(versionedType: string, upcast: object): void {
  const kind = Object.prototype.toString.call(upcast).slice('[object '.length, -1);
  if (kind === 'Function') return;
  throw new TypeError(
    `the upcast of ${versionedType} is not a plain function but ${kind}; it has to return the data itself, so write it without async and *`,
  );
}

/** Consumer names become stack names, metric dimensions and parts of event sources. */
const NAME_PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Roles become names of environment variables and, with a capital, construct ids. */
const ROLE_PATTERN = /^[a-z][A-Za-z0-9]*$/;

type Given = Pick<ConsumerDefinition, 'name' | 'listensTo'> &
  Partial<
    Pick<
      ConsumerDefinition,
      | 'emits'
      | 'emitsLater'
      | 'tables'
      | 'secrets'
      | 'maxConcurrency'
      | 'rateLimit'
      | 'provisionedPollers'
      | 'replay'
      | 'startFrom'
      | 'breaker'
    >
  >;

/**
 * Refuses a consumer whose definition contradicts itself, or has a name that is not allowed in names of resources.
 *
 * @throws TypeError naming what is wrong, with what to do
 */
export function refuseWrongDefinition(props: Given): void {
  const { name, listensTo, emits = [], emitsLater = false } = props;
  const { tables = {}, secrets = {}, provisionedPollers } = props;
  if (!NAME_PATTERN.test(name)) {
    throw new TypeError(`consumer name '${name}' must be kebab-case, for example 'gift-cards'`);
  }
  if (listensTo.length === 0) {
    throw new TypeError(`consumer '${name}' listens to nothing; name at least one event in listensTo`);
  }
  if (emitsLater && emits.length === 0) {
    throw new TypeError(
      `consumer '${name}' has emitsLater, but emits nothing; name the events that come later in emits`,
    );
  }
  refuseTwoOfOneType(name, listensTo);
  refuseRoles(name, 'table', tables);
  refuseRoles(name, 'secret', secrets);
  refuseWrongReplay(props);
  refuseWrongBreaker(props);
  if (provisionedPollers === undefined) return;
  const other = (['maxConcurrency', 'rateLimit'] as const).find((one) => props[one] !== undefined);
  if (other !== undefined) {
    throw new TypeError(
      `consumer '${name}' has provisionedPollers and ${other}; Lambda limits one or the other, so leave one of both out`,
    );
  }
}

/** A misspelt word would silently allow what it means to refuse, or begin with other events. */
function refuseWrongReplay({ name, replay = 'allow', startFrom = 'now' }: Given): void {
  if (replay !== 'allow' && replay !== 'refuse')
    throw new TypeError(`consumer '${name}' has replay: '${replay}'; it is 'allow' or 'refuse'`);
  if (startFrom === 'beginning' || startFrom === 'now' || isTimestamp(startFrom)) return;
  throw new TypeError(
    `consumer '${name}' has startFrom: '${startFrom}'; it is 'beginning', 'now' or an RFC 3339 time, for example '2026-01-31T12:00:00Z'`,
  );
}

function refuseRoles(name: string, what: 'table' | 'secret', roles: object): void {
  const role = Object.keys(roles).find((one) => !ROLE_PATTERN.test(one));
  if (role !== undefined) {
    throw new TypeError(
      `consumer '${name}' has a ${what} with the role '${role}'; name it with letters and digits, for example 'giftCards'`,
    );
  }
}

/** A consumer has one handler per type, which can read the events of one contract only. */
function refuseTwoOfOneType(name: string, contracts: readonly EventContract[]): void {
  for (const [index, { type, versionedType }] of contracts.entries()) {
    const first = contracts.find((one, at) => at < index && one.type === type);
    if (!first) continue;
    throw new TypeError(
      first.versionedType === versionedType
        ? `consumer '${name}' listens to ${versionedType} twice; name it once`
        : `consumer '${name}' listens to ${first.versionedType} and to ${versionedType}; listen only to the newer one and put the older one into its 'earlier': then the consumer reads both, and the handler gets the newer one`,
    );
  }
}
