import {
  type MessageAttribute,
  matchesAttributes,
  matchesBody,
} from '../../contracts/filter-policy/matches-policy.ts';
import type { ReadEvent } from '../read/read-line.ts';
import { createSelection, type Selection } from '../read/selection.ts';
import type { ReplayRequest } from './replay-state.ts';

type Asked = Pick<
  ReplayRequest,
  'from' | 'to' | 'types' | 'sources' | 'where' | 'filterPolicy' | 'filterPolicyScope'
>;

/**
 * The events of a replay: those that were asked for and that the filter of the consumer takes, as if they were published now.
 *
 * @throws RangeError when `where` is no filter policy
 */
export function selectionOf(asked: Asked): Selection {
  const { from, to, types, sources, where, filterPolicy, filterPolicyScope } = asked;
  const wanted = createSelection({
    from,
    to,
    ...(types.length > 0 && { types }),
    ...(sources.length > 0 && { sources }),
    where,
  });
  const takes = filterOf(filterPolicy, filterPolicyScope);
  return { range: wanted.range, matches: (line) => wanted.matches(line) && takes(line) };
}

function filterOf(
  policy: ReplayRequest['filterPolicy'],
  scope: ReplayRequest['filterPolicyScope'],
): (line: ReadEvent) => boolean {
  if (policy === undefined || Object.keys(policy).length === 0) return () => true;
  if (scope === 'MessageBody') return ({ event }) => matchesBody(policy, event);
  return ({ event }) => matchesAttributes(policy, attributesOf(event));
}

/** The attributes that the topic gives a message; SNS compares them without the escapes that they are sent with. */
function attributesOf({ type, source, subject }: ReadEvent['event']): Record<string, MessageAttribute> {
  return {
    type: { StringValue: type },
    source: { StringValue: source },
    ...(subject !== undefined && { subject: { StringValue: subject } }),
  };
}
