import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { describeVerdict } from '../../../lib/cli/contracts/describe-verdict.ts';
import { checkContracts, type Verdict } from '../../../lib/contracts/compatibility/check-contracts.ts';
import { type PublishedSchema, publishedSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { defineEvent, type EventContract } from '../../../lib/contracts/define-event.ts';

const define = (data: z.ZodType, description = 'An order.'): EventContract =>
  defineEvent({ type: 'shop.OrderPlaced', version: 1, description, data });

const publish = (data: z.ZodType): PublishedSchema =>
  JSON.parse(JSON.stringify(publishedSchema(define(data), 'An order.')));

function judge(file: PublishedSchema, now: z.ZodType): Verdict | undefined {
  const files = new Map([['shop.OrderPlaced.v1', file]]);
  return checkContracts([define(now)], { files, bases: [] })[0];
}

function linesOf(verdict: Verdict | undefined): string {
  return verdict ? describeVerdict(verdict).join('\n') : '';
}

describe('the gate sees what the catalog sees', () => {
  it('and refuses two contracts of one type and version, in any order', () => {
    const two = [define(z.object({ a: z.string() })), define(z.object({ b: z.string() }))];
    const published = {
      files: new Map([['shop.OrderPlaced.v1', publish(z.object({ a: z.string() }))]]),
      bases: [],
    };
    for (const contracts of [two, two.toReversed()]) {
      expect(() => checkContracts(contracts, published)).toThrow('shop.OrderPlaced.v1 is defined twice');
    }
  });

  it('and refuses an earlier version that has other data than the contract of its own', () => {
    const first = define(z.object({ a: z.string() }));
    const second = defineEvent({
      type: 'shop.OrderPlaced',
      version: 2,
      description: 'An order.',
      data: z.object({ b: z.string() }),
      earlier: [{ version: 1, data: z.object({ a: z.int() }), upcast: () => ({ b: '' }) }],
    });
    expect(() => checkContracts([first, second], { files: new Map(), bases: [] })).toThrow(
      'with different data',
    );
  });

  it('and describes a version by its own contract, whichever comes first', () => {
    const first = define(z.object({ a: z.string() }), 'The first.');
    const second = defineEvent({
      type: 'shop.OrderPlaced',
      version: 2,
      description: 'The second.',
      data: z.object({ b: z.string() }),
      earlier: [{ version: 1, data: first.schema, upcast: () => ({ b: '' }) }],
    });
    for (const contracts of [
      [first, second],
      [second, first],
    ]) {
      const verdicts = checkContracts(contracts, { files: new Map(), bases: [] });
      const found = verdicts.find(({ type }) => type === 'shop.OrderPlaced.v1');
      expect(found).toMatchObject({ status: 'new', schema: { description: 'The first.' } });
    }
  });
});

describe('what a person is told', () => {
  it('is a datum that producers send and that is refused', () => {
    const said = linesOf(judge(publish(z.object({})), z.object({ n: z.string() })));
    expect(said).toContain('/properties/n: the required field is new\n      breaks producers');
    expect(said).toContain('Producers of the old shape send this, and it is refused now:\n      {}');
    expect(said).not.toContain('consumers');
  });

  it('is a datum that consumers get and refuse', () => {
    const said = linesOf(judge(publish(z.object({ n: z.int() })), z.object({ n: z.int().nullable() })));
    expect(said).toContain(
      'Producers of the new shape may send this, and the old shape refuses it:\n      {"n":null}',
    );
    expect(said).not.toContain('breaks producers');
  });

  it('is that two patterns could not be compared, where nothing shows it', () => {
    const currency = (pattern: RegExp): z.ZodType => z.object({ currency: z.string().regex(pattern) });
    const said = linesOf(judge(publish(currency(/^[A-Z]{3}$/)), currency(/^[A-Za-z]{3}$/)));
    expect(said).toContain(
      'Could not be compared, and is taken to break producers: which texts the pattern ^[A-Z]{3}$',
    );
    expect(said).toMatch(/the old shape refuses it:\n {6}\{"currency":"[A-Za-z]{3}"\}/);
  });

  it('is how alternatives differ, by the constant that tells them apart', () => {
    const [card, cash] = [
      z.object({ by: z.literal('card'), n: z.string() }),
      z.object({ by: z.literal('cash') }),
    ];
    const before = z.object({ paid: z.discriminatedUnion('by', [card, cash]) });
    const longer = z.object({
      paid: z.discriminatedUnion('by', [cash, card.extend({ n: z.string().max(19) })]),
    });
    expect(linesOf(judge(publish(before), longer))).toContain(
      '/properties/paid/oneOf/1/properties/n/maxLength: alternative with by "card": maxLength 19 is new',
    );
    const fewer = z.object({ paid: z.discriminatedUnion('by', [card]) });
    expect(linesOf(judge(publish(before), fewer))).toContain(
      'the alternative with by "cash" is no longer accepted',
    );
  });

  it('is which item of a tuple is another', () => {
    const [before, after] = [z.tuple([z.string(), z.int()]), z.tuple([z.string(), z.string(), z.int()])];
    const said = linesOf(judge(publish(z.object({ t: before })), z.object({ t: after })));
    expect(said).toContain('item 2 of the tuple: the type was integer and is string');
    expect(said).toContain('item 3 of the tuple is new: it had 2 items and has 3');
  });

  it('is what a handler gets otherwise, although nobody is broken', () => {
    const loose = linesOf(judge(publish(z.looseObject({})), z.object({})));
    expect(loose).toContain('in a way that breaks nobody');
    expect(loose).toContain('a handler got other fields, and now they are removed');
    const [few, many] = [z.object({ a: z.int() }), z.object({ a: z.int(), b: z.int() })];
    const order = linesOf(
      judge(publish(z.object({ f: z.union([many, few]) })), z.object({ f: z.union([few, many]) })),
    );
    expect(order).toContain('have changed their order: data that both accept is now read by the other one');
  });

  it('is that only notes have changed, and where', () => {
    const said = linesOf(judge(publish(z.object({ a: z.int() })), z.object({ a: z.int().describe('A.') })));
    expect(said).toContain('/properties/a/description: only notes have changed');
  });
});

describe('a schema that was edited by hand', () => {
  const edited = (more: object): PublishedSchema => ({ ...publish(z.object({ a: z.int() })), ...more });

  it.each([['example'], ['unit'], ['$comment'], ['x-owner'], ['contentMediaType']])(
    'may have the note %s, which asks nothing of data',
    (keyword) => {
      expect(judge(edited({ [keyword]: 'cent' }), z.object({ a: z.int() }))?.status).toBe('compatible');
    },
  );

  it.each([['minProperties'], ['dependentRequired'], ['if']])(
    'has %s, which is said to be beyond comparing',
    (keyword) => {
      const verdict = judge(
        edited({ [keyword]: keyword === 'minProperties' ? 1 : {} }),
        z.object({ a: z.int() }),
      );
      expect(verdict?.status).toBe('incompatible');
      expect(linesOf(verdict)).toContain('ould not be compared');
    },
  );
});
