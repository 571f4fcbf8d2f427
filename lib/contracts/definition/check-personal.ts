import type * as z from 'zod';
import { alternativesOf, type Part, propertyOf } from '../filter-policy/schema-parts.ts';
import { type Personal, pathOf } from '../personal/personal.ts';

/** What zod calls values that can name somebody. `null` may stand beside them. */
const NAMING: ReadonlySet<string> = new Set(['string', 'number', 'enum', 'literal', 'template_literal']);

/**
 * Refuses a pointer to the person that leads nowhere in the schema: `fanfare erase` would find nothing of anybody.
 *
 * @throws TypeError that names the version and the pointer
 */
export function refuseWrongPersonal(
  versionedType: string,
  schema: z.core.$ZodType,
  personal: Personal | undefined,
): void {
  if (personal === undefined) return;
  const { subject } = personal;
  const refuse = (why: string): never => {
    throw new TypeError(
      `${versionedType} names its person at '${subject}' (personal.subject), which ${why}; name a text or number within the data, such as '/customerId'`,
    );
  };
  if (!subject.startsWith('/')) refuse('is no JSON pointer: it begins with a slash');
  const parts = pathOf(subject).reduce<readonly Part[]>(
    (inner, name) => inner.flatMap((part) => propertyParts(part, name)),
    partsOf(schema),
  );
  if (parts.length === 0) refuse('its data does not have');
  const other = parts.find(({ _zod: { def } }) => !NAMING.has(def.type) && def.type !== 'null');
  if (other) refuse(`is no text or number there, but ${other._zod.def.type}`);
  if (parts.every(({ _zod: { def } }) => def.type === 'null')) refuse('is always null there');
}

function partsOf(schema: z.core.$ZodType): readonly Part[] {
  return alternativesOf(schema).flat();
}

function propertyParts(part: Part, name: string): readonly Part[] {
  const property = propertyOf(part, name);
  return property && 'schema' in property ? partsOf(property.schema) : [];
}
