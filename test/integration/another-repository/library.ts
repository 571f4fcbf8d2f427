/** The events of the first repository: in several files, with versions, a recursive part, links, and an event that only consumers emit. */
export const LIBRARY = {
  'events/index.ts': "export * from './books.ts';\nexport * from './members.ts';\n",
  'events/books.ts': `import { defineEvent } from 'fanfare/contracts';
import * as z from 'zod';
import { memberId } from '../shared/ids.ts';

export const BookReturned = defineEvent({
  type: 'library.BookReturned',
  version: 1,
  description: 'A member has brought a book back.',
  data: z.object({ bookId: z.string().min(1), memberId, shelf: z.string().optional() }),
});
`,
  'events/members.ts': `import { defineEvent } from 'fanfare/contracts';
import * as z from 'zod';
import type { Group } from '../shared/groups.ts';
import { memberId } from '../shared/ids.ts';

const group: z.ZodType<Group> = z.object({ name: z.string(), parts: z.array(z.lazy(() => group)) });

export type Kind = 'adult' | 'child';

export const MemberJoined = defineEvent({
  type: 'library.MemberJoined',
  version: 2,
  description: 'Somebody has joined.',
  data: z.object({ memberId, kind: z.enum(['adult', 'child']), group: group.optional() }),
  earlier: [{ version: 1, data: z.object({ memberId }), upcast: (data) => ({ ...data, kind: 'adult' }) }],
});

export const CardPrinted = defineEvent({
  type: 'library.CardPrinted',
  version: 1,
  description: 'A card is printed.',
  internal: true,
  links: ['https://cards.example.com/'],
  data: z.object({ memberId }),
});
`,
  'shared/groups.ts': 'export interface Group { name: string; parts: Group[] }\n',
  'shared/ids.ts': "import * as z from 'zod';\nexport const memberId = z.string().min(1);\n",
} as const;

/** A consumer in the second repository, which has nothing of the first but the contracts. */
export const AUDIT = {
  'lambdas/audit/consumer.ts': `import { defineConsumer, startsWith } from 'fanfare/contracts';
import { BookReturned, CardPrinted, MemberJoined } from '@library/contracts';

export const audit = defineConsumer({
  name: 'audit',
  description: 'Writes down who has what.',
  listensTo: [BookReturned, MemberJoined, CardPrinted],
  where: { 'library.BookReturned': { memberId: startsWith('m') } },
});
`,
  'lambdas/audit/handler.ts': `import { consume } from 'fanfare/runtime';
import type { Kind } from '@library/contracts';
import { audit } from './consumer.ts';

export const handler = consume(audit, {
  'library.BookReturned': async ({ data }) => {
    const shelf: string | undefined = data.shelf;
    console.log(data.bookId.length, shelf);
  },
  'library.MemberJoined': async (event) => {
    const type: 'library.MemberJoined.v2' | string = event.type;
    const kind: Kind = event.data.kind;
    const name: string | undefined = event.data.group?.parts[0]?.name;
    // @ts-expect-error a name is a string
    const age: number | undefined = event.data.group?.parts[0]?.name;
    // @ts-expect-error the contract has no such field
    console.log(type, kind, name, age, event.data.phone);
  },
  'library.CardPrinted': async (event) => {
    const { memberId } = await event.resolve();
    // @ts-expect-error it is a string
    const number: number = memberId;
    console.log(number);
  },
});

// @ts-expect-error two handlers are missing
consume(audit, { 'library.BookReturned': async () => {} });
`,
} as const;
