import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Fields by the kind that docs/command-line.md gives them, in its order; those with a question mark may be left out. */
export function documentedShapes(): ReadonlyMap<string, readonly string[]> {
  const sections = readFileSync('docs/command-line.md', 'utf8').split(/^### /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [, kind = ''] = /^`(\w+)`/.exec(section) ?? [];
      const fields = [...section.matchAll(/^\| `(\w+\??)` \|/gm)].map(([, field = '']) => field);
      return [kind, fields];
    }),
  );
}

/** What docs/command-line.md says that the elements of a list have, in its order. */
export function documentedParts(kind: string, field: string): readonly string[] {
  const sections = readFileSync('docs/command-line.md', 'utf8').split(/^### /m);
  const section = sections.find((one) => one.startsWith(`\`${kind}\``)) ?? '';
  const row = section.split('\n').find((line) => line.startsWith(`| \`${field}\` |`)) ?? '';
  return [...row.matchAll(/`(\w+\??)`/g)].slice(1).map(([, part = '']) => part);
}

/** Holds an answer to what is documented: no field more, none less. A list is held by each of its elements. */
export function expectDocumented(kind: string, data: unknown): void {
  const fields = documentedShapes().get(kind) ?? expect.fail(`docs/command-line.md has no kind ${kind}`);
  for (const one of [data].flat()) {
    const found = Object.keys(Object(one));
    const required = fields.filter((field) => !field.endsWith('?'));
    expect(found, kind).toEqual(expect.arrayContaining(required));
    // An event may have any extension attribute.
    if (kind === 'event') continue;
    const known = fields.map((field) => field.replace('?', ''));
    expect(
      found.filter((field) => !known.includes(field)),
      kind,
    ).toEqual([]);
  }
}

/** Times are text everywhere: no field that is named as a time holds a number. */
export function expectIsoTimes(data: unknown): void {
  JSON.stringify(data, (name, value) => {
    if (/^at$|At$|^time$|^since$/.test(name)) expect(value, name).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    // What an event carries is its publisher's.
    return name === 'data' ? undefined : value;
  });
}
