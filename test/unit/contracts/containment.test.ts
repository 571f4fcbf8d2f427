import { describe, expect, it } from 'vitest';
import { Containment } from '../../../lib/contracts/compatibility/containment/contain.ts';
import type { JsonSchema } from '../../../lib/contracts/compatibility/json-schema.ts';

/** A and B have each other as fields. */
const document = (leaf: JsonSchema): JsonSchema => ({
  $defs: {
    A: { type: 'object', properties: { x: { $ref: '#/$defs/A' }, y: { $ref: '#/$defs/B' }, leaf } },
    B: { type: 'object', properties: { a: { $ref: '#/$defs/A' } } },
  },
});

const [A, B] = [{ $ref: '#/$defs/A' }, { $ref: '#/$defs/B' }];

describe('data of one recursive schema that another refuses', () => {
  const narrowed = new Containment(document({ type: 'string' }), document({ type: 'string', maxLength: 3 }));

  it('is found again for a part of it that was looked at on the way', () => {
    expect(narrowed.refusedNow(A, A)).toMatchObject({ status: 'found', datum: { leaf: expect.any(String) } });
    expect(narrowed.refusedNow(B, B)).toMatchObject({
      status: 'found',
      datum: { a: { leaf: expect.any(String) } },
    });
    expect(narrowed.refusedBefore(B, B)).toEqual({ status: 'none' });
  });

  it('is none where both are the same, however the recursion is cut', () => {
    const same = new Containment(document({ type: 'string' }), document({ type: 'string' }));
    const written = {
      type: 'object',
      properties: { a: { type: 'object', properties: { x: A, y: B, leaf: { type: 'string' } } } },
    };
    expect(same.refusedNow(B, written)).toEqual({ status: 'none' });
    expect(same.refusedBefore(B, written)).toEqual({ status: 'none' });
  });

  it('is none for a schema that only refers to itself, which takes nothing', () => {
    const endless: JsonSchema = { $defs: { Loop: { $ref: '#/$defs/Loop' } } };
    const nothing = new Containment(endless, endless);
    expect(nothing.refusedNow({ $ref: '#/$defs/Loop' }, { type: 'null' })).toEqual({ status: 'none' });
  });

  it('is not looked for behind a reference that leads nowhere', () => {
    const broken = new Containment({}, {});
    expect(() => broken.refusedNow({ $ref: '#/$defs/Gone' }, {})).not.toThrow();
    expect(() => broken.refusedNow({ $ref: '#/$defs/Gone' }, { type: 'null' })).toThrow(
      'the schema refers to #/$defs/Gone, which is not in it',
    );
  });
});
