import * as z from 'zod';
import { consumers, type EditRow, nobody, producers } from './edit-row.ts';

const inF = (before: z.ZodType, after: z.ZodType) =>
  [z.object({ f: before }), z.object({ f: after })] as const;
const F = '/properties/f';

/** A tree whose recursion is cut after as many steps, each written out. */
function tree(steps: number, name: z.ZodType = z.string()): z.ZodType {
  const nodes: z.ZodType[] = Array.from({ length: steps }, (_, index) =>
    z.object({
      name,
      get children() {
        return z.array(nodes[(index + 1) % steps] ?? z.never());
      },
    }),
  );
  return nodes[0] ?? z.never();
}

/** Objects that all have each other as fields: as many ways through them as there are lists of their names. */
function web(size: number, leaf: z.ZodType): z.ZodType {
  const nodes: z.ZodType[] = Array.from({ length: size }, () => z.lazy(() => object));
  const object: z.ZodType = z.object(
    Object.fromEntries([
      ...nodes.map((node, index) => [`n${index}`, node.optional()] as const),
      ['leaf', leaf],
    ]),
  );
  return object;
}

/** Objects by turns, each with three ways on; each is written once. */
function mutual(size: number, leaf: z.ZodType): z.ZodType {
  const at = (index: number): z.ZodType => z.lazy(() => nodes[index % size] ?? z.never()).optional();
  const nodes: z.ZodType[] = Array.from({ length: size }, (_, index) =>
    z
      .object({ left: at(index + 1), right: at(index + 1), other: at(index + 2), leaf })
      .meta({ id: `Turn${index}` }),
  );
  return z.object({ first: nodes[0] ?? z.never() });
}

/** Edits of descriptions and names, and of recursive shapes. */
export const EDITS_OF_WORDS: readonly EditRow[] = [
  ['a description is new', inF(z.string(), z.string().describe('A name.')), nobody, `${F}/description`],
  [
    'a description is another',
    inF(z.string().describe('A name.'), z.string().describe('The name.')),
    nobody,
    `${F}/description`,
  ],
  ['an example is given', inF(z.string(), z.string().meta({ examples: ['Ada'] })), nobody, `${F}/examples`],
  ['a unit is noted', inF(z.int(), z.int().meta({ 'x-unit': 'cent' })), nobody, `${F}/x-unit`],
  ['a comment is noted', inF(z.int(), z.int().meta({ $comment: 'In cents.' })), nobody, `${F}/$comment`],
  ['a field is deprecated', inF(z.int(), z.int().meta({ deprecated: true })), nobody, `${F}/deprecated`],
  [
    'a part of an intersection is described',
    [
      z.object({ a: z.int() }).and(z.object({ b: z.int() })),
      z
        .object({ a: z.int() })
        .describe('A.')
        .and(z.object({ b: z.int() })),
    ],
    nobody,
  ],
  [
    'a part of an intersection has an id',
    [
      z.object({ a: z.int() }).and(z.object({ b: z.int() })),
      z
        .object({ a: z.int() })
        .meta({ id: 'PartA' })
        .and(z.object({ b: z.int() })),
    ],
    nobody,
  ],
  ['a field has an id', inF(z.object({ a: z.int() }), z.object({ a: z.int() }).meta({ id: 'Part' })), nobody],
  [
    'an id is another',
    inF(z.object({ a: z.int() }).meta({ id: 'PartOne' }), z.object({ a: z.int() }).meta({ id: 'PartTwo' })),
    nobody,
  ],
  [
    'a field with an id is narrowed',
    inF(
      z.object({ a: z.int() }).meta({ id: 'PartThree' }),
      z.object({ a: z.int().max(9) }).meta({ id: 'PartFour' }),
    ),
    producers,
    '/$defs/PartThree/properties/a/maximum',
  ],
  [
    'an alternative is described',
    inF(z.union([z.string(), z.int()]), z.union([z.string().describe('Text.'), z.int()])),
    nobody,
  ],
  [
    'a shape used twice has an id',
    [
      z.object({ a: z.object({ n: z.int() }), b: z.object({ n: z.int() }) }),
      (() => {
        const part = z.object({ n: z.int() }).meta({ id: 'Twice' });
        return z.object({ a: part, b: part });
      })(),
    ],
    nobody,
  ],
  ['a recursion is cut at another place', [tree(1), tree(3)], nobody],
  ['a recursion is cut at another place, back', [tree(2), tree(1)], nobody],
  ['recursions of two and three steps', [tree(2), tree(3)], nobody],
  ['a recursion that is cut elsewhere is narrowed', [tree(1), tree(2, z.string().max(9))], producers],
  ['a recursion that is cut elsewhere is widened', [tree(2, z.string().max(9)), tree(1)], consumers],
  ['a web of twelve stays', [web(12, z.string()), web(12, z.string().describe('Leaf.'))], nobody],
  ['a web of twelve is narrowed', [web(12, z.string()), web(12, z.string().max(3))], producers],
  ['a mutual recursion of nine stays', [mutual(9, z.int()), mutual(9, z.int())], nobody],
  ['a mutual recursion of nine becomes one of six', [mutual(9, z.int()), mutual(6, z.int())], nobody],
  ['a mutual recursion of nine is narrowed', [mutual(9, z.int()), mutual(9, z.int().max(3))], producers],
];
