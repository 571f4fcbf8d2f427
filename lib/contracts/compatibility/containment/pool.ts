import { conjoin } from './conjoin.ts';
import type { Node, Nodes } from './node.ts';
import { areToldApart } from './siblings.ts';
import type { ListPart, ObjectPart, Slice } from './slice.ts';

/**
 * How closed objects are joined. `together`: an intersection of zod, which refuses a field only if both objects are closed. `apart`: values
 * within an intersection, such as the items of two lists. zod checks them separately, so each closed object refuses what it does not name.
 */
export type Closing = 'together' | 'apart';

/**
 * The intersection of two slices of one schema (`allOf`, or keywords beside each other). What both say about a field or an item becomes
 * one node, because a producer sends all of it: a field that one object does not name may be named in the other.
 */
export function pool(a: Slice, b: Slice, nodes: Nodes, closing: Closing): Slice | undefined {
  // Of two tagged unions, most pairs have other tags.
  const both = areToldApart(a, b) ? undefined : conjoin(a, b);
  if (!both) return undefined;
  const [list, ...otherLists] = both.lists;
  const [object, ...otherObjects] = both.objects;
  return {
    ...both,
    lists: list ? [otherLists.reduce((one, other) => poolLists(one, other, nodes), list)] : [],
    objects: object
      ? [otherObjects.reduce((one, other) => poolObjects(one, other, nodes, closing), object)]
      : [],
  };
}

function poolLists(a: ListPart, b: ListPart, nodes: Nodes): ListPart {
  const length = Math.max(a.prefix.length, b.prefix.length);
  return {
    prefix: Array.from({ length }, (_, index) =>
      nodes.both(a.prefix[index] ?? a.rest, b.prefix[index] ?? b.rest),
    ),
    rest: nodes.both(a.rest, b.rest),
    min: Math.max(a.min, b.min),
    max: Math.min(a.max, b.max),
  };
}

function poolObjects(a: ObjectPart, b: ObjectPart, nodes: Nodes, closing: Closing): ObjectPart {
  const names = [...new Set([...a.fields.keys(), ...b.fields.keys()])];
  const accepted = names.filter(
    (name) => closing === 'together' || ![a, b].some((part) => refuses(part, name)),
  );
  return {
    reading: a.reading,
    fields: new Map(
      accepted.map((name) => [name, joined([...constraintsOn(a, name), ...constraintsOn(b, name)], nodes)]),
    ),
    required: new Set([...a.required, ...b.required]),
    others: poolOthers([a.others, b.others], nodes, closing),
    names: [...a.names, ...b.names],
  };
}

function refuses({ fields, others }: ObjectPart, name: string): boolean {
  return others === 'closed' && !fields.has(name);
}

function constraintsOn({ fields, others }: ObjectPart, name: string): readonly Node[] {
  return fields.get(name) ?? (typeof others === 'string' ? [] : others);
}

/** The rule for other fields. Beside another object, a schema that accepts everything is no constraint. */
function poolOthers(
  both: readonly [ObjectPart['others'], ObjectPart['others']],
  nodes: Nodes,
  closing: Closing,
): ObjectPart['others'] {
  const isClosed = closing === 'together' ? both.every(isClosing) : both.some(isClosing);
  if (isClosed) return 'closed';
  const rules = both.flatMap((others) => (typeof others === 'string' ? [] : others));
  const narrow = rules.filter(({ content }) => content !== '{}');
  return narrow.length > 0 ? joined(narrow, nodes) : 'open';
}

function isClosing(others: ObjectPart['others']): boolean {
  return others === 'closed';
}

/** Several schemas of one value as one schema. */
function joined(all: readonly Node[], nodes: Nodes): readonly Node[] {
  const [first, ...more] = all;
  return first ? [more.reduce((one, other) => nodes.both(one, other), first)] : [];
}
