import * as z from 'zod';
import { type Fields, type Others, PATTERNS, RECORD_NAMES, type Shape } from './shapes.ts';

/** The zod schema of a shape whose outermost form is an object; `self` is that object. */
export function zodOf(root: Fields): z.ZodType {
  const self: z.ZodType = z.lazy(() => data);
  const data: z.ZodType = z.object(zodFields(root, self));
  return data;
}

function zodFields(fields: Fields, self: z.ZodType): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { shape: inner, optional }]) => {
      const schema = zodShape(inner, self);
      return [name, optional ? schema.optional() : schema];
    }),
  );
}

function zodShape(one: Shape, self: z.ZodType): z.ZodType {
  const inner = (shape: Shape): z.ZodType => zodShape(shape, self);
  switch (one.is) {
    case 'null':
      return z.null();
    case 'boolean':
      return z.boolean();
    case 'unknown':
      return z.unknown();
    case 'self':
      return self;
    case 'string':
      return zodText(one);
    case 'number':
      return zodNumber(one);
    case 'enum':
      return z.literal([...one.values]);
    case 'object':
      return zodObject(one.others, zodFields(one.fields, self));
    case 'array': {
      const list = z.array(inner(one.item)).min(one.min ?? 0);
      return one.max === undefined ? list : list.max(one.max);
    }
    case 'tuple': {
      const [first = z.null(), ...more] = one.items.map(inner);
      return one.rest ? z.tuple([first, ...more], inner(one.rest)) : z.tuple([first, ...more]);
    }
    case 'record':
      return zodRecord(one.names, inner(one.value));
    case 'union':
      return z.union(one.options.map(inner));
    case 'xor':
      return z.xor(one.options.map(inner));
    case 'tagged': {
      const options = one.options.map((fields, index) =>
        z.object({ ...zodFields(fields, self), by: z.literal(`t${index}`) }),
      );
      return z.discriminatedUnion('by', [
        options[0] ?? z.object({ by: z.literal('none') }),
        ...options.slice(1),
      ]);
    }
    case 'nullable':
      return inner(one.inner).nullable();
    case 'default':
      return inner(one.inner).default(one.value);
    case 'both': {
      const left = z.object(zodFields(one.left, self));
      return (one.words ? left.describe('A part.') : left).and(z.object(zodFields(one.right, self)));
    }
  }
}

/** Only a pattern that any length can keep has one: what no text keeps is in no contract. */
function zodText({ min, max, pattern }: Extract<Shape, { is: 'string' }>): z.ZodType {
  let text = z.string();
  const hasLengths = pattern !== 'upper' && pattern !== 'letters';
  if (min !== undefined && hasLengths)
    text = text.min(pattern === 'units' || pattern === 'characters' ? Math.min(min, 2) : min);
  if (max !== undefined && hasLengths)
    text = text.max(pattern === undefined ? Math.max(max, min ?? 0) : max + 6);
  return pattern === undefined ? text : text.regex(PATTERNS[pattern][0]);
}

function zodNumber({ whole, min, max, above, step }: Extract<Shape, { is: 'number' }>): z.ZodType {
  let number: z.ZodNumber = whole ? z.int() : z.number();
  if (min !== undefined) number = number.min(min);
  if (max !== undefined) number = number.max(max);
  if (above !== undefined) number = number.gt(above);
  return step === undefined ? number : number.multipleOf(step);
}

function zodObject(others: Others, fields: Record<string, z.ZodType>): z.ZodType {
  switch (others) {
    case 'open':
      return z.object(fields);
    case 'closed':
      return z.strictObject(fields);
    case 'loose':
      return z.looseObject(fields);
    case 'whole numbers':
      return z.object(fields).catchall(z.int());
    case 'text':
      return z.object(fields).catchall(z.string());
  }
}

function zodRecord(names: Extract<Shape, { is: 'record' }>['names'], value: z.ZodType): z.ZodType {
  if (names === 'all') return z.record(z.enum(RECORD_NAMES), value);
  if (names === 'some') return z.partialRecord(z.enum(RECORD_NAMES), value);
  return z.record(names === 'any' ? z.string() : z.string().max(1), value);
}
