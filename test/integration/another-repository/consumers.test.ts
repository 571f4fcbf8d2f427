import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectDocumented } from '../ops/documented-shapes.ts';
import { createRepository, type Repository } from './folders.ts';
import { AUDIT, LIBRARY } from './library.ts';

let library: Repository;
let file: string;

beforeAll(async () => {
  library = createRepository('library', LIBRARY);
  const audit = createRepository('audit', {
    'lambdas/audit/consumer.ts': AUDIT['lambdas/audit/consumer.ts'].replace(
      '@library/contracts',
      join(library.folder, 'events/index.ts'),
    ),
  });
  try {
    file = join(library.folder, 'consumers', 'audit.json');
    library.write({ 'consumers/readme.txt': '' });
    expect(await audit.contracts('consumers', '--out', file)).toMatchObject({ code: 0 });
    expect(JSON.parse((await audit.contracts('consumers')).output)).toEqual(
      JSON.parse(readFileSync(file, 'utf8')),
    );
  } finally {
    audit.remove();
  }
  expect((await library.contracts('accept')).code).toBe(0);
});

afterAll(() => library.remove());

const check = async (edits: readonly (readonly [string, string])[], ...args: readonly string[]) => {
  const edited = Object.entries(LIBRARY).map(([path, text]) => [
    path,
    edits.reduce<string>((result, [from, to]) => result.replace(from, to), text),
  ]);
  library.write(Object.fromEntries(edited));
  return library.contracts('check', '--consumers', ...args, '--json');
};
const findings = (output: string): readonly { readonly type: string; readonly breaks: boolean }[] =>
  JSON.parse(output).data.consumers;

describe('the check names the consumers of another repository', () => {
  it('of which none breaks while nothing has changed', async () => {
    const { code, output } = await check([], 'consumers');
    expect({ code, output }).toMatchObject({ code: 0 });
    const { kind, data } = JSON.parse(output);
    expectDocumented(kind, data);
    expect(data.consumers).toEqual([]);
  });

  it.each([
    [
      'a version is dropped',
      '  earlier: [{ version: 1',
      '  // [{',
      'library.MemberJoined.v1',
      undefined,
      'no contract has the version any more, and the consumer takes it',
    ],
    [
      'a field of its filter is renamed',
      'memberId, shelf',
      'member: memberId, shelf',
      'library.BookReturned.v1',
      '/properties/memberId',
      "the field is gone; the consumer's filter names memberId",
    ],
    [
      'a field of its filter is optional',
      'memberId, shelf',
      'memberId: memberId.optional(), shelf',
      'library.BookReturned.v1',
      '/properties/memberId',
      "the field was required and is optional; the consumer's filter names memberId",
    ],
    [
      'a field is gone',
      ', shelf: z.string().optional()',
      '',
      'library.BookReturned.v1',
      '/properties/shelf',
      'the field is gone',
    ],
  ])('that breaks when %s', async (_, from, to, type, pointer, detail) => {
    const { code, output } = await check([[from, to]], file);
    expect(code).toBe(1);
    const broken = {
      app: 'audit',
      consumer: 'audit',
      type,
      breaks: true,
      ...(pointer && { pointer }),
      detail,
    };
    expect(findings(output)).toContainEqual(broken);
    expect(findings(output).every((one) => one.type === type && one.breaks)).toBe(true);
  });

  it('with a note on a version that it does not take', async () => {
    const v3 =
      "version: 3,\n  description: 'Somebody has joined.',\n  data: z.object({ memberId }),\n  earlier: [{ version: 1, data: z.object({ memberId }), upcast: (data) => ({ ...data, kind: 'adult' }) }, { version: 2, data: z.object({ memberId, kind: z.enum(['adult', 'child']), group: group.optional() }), upcast: (data) => data }],\n});\nconst unused = ({";
    const { output } = await check([['version: 2,', v3]], file);
    expect(findings(output)).toEqual([
      {
        app: 'audit',
        consumer: 'audit',
        type: 'library.MemberJoined.v3',
        breaks: false,
        detail: 'the consumer does not take this version',
      },
    ]);
    library.write(LIBRARY);
  });

  it('and says what is wrong with a file', async () => {
    library.write({ 'wrong.json': '{"fanfareConsumers":1,"app":"a","consumers":{}}' });
    for (const [path, detail] of [
      ['wrong.json', '/consumers'],
      ['nowhere.json', 'there is no nowhere.json'],
      ['lambdas', 'there is no lambdas'],
    ]) {
      expect(await library.contracts('check', '--consumers', path ?? '')).toMatchObject({
        code: 1,
        output: expect.stringContaining(detail ?? ''),
      });
    }
    expect(await library.contracts('consumers')).toMatchObject({
      code: 1,
      output: expect.stringContaining('there is no consumer in'),
    });
  });
});
