import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

/** Filed with all its text in it, however long that is. */
export const ReportFiled = defineEvent({
  type: 'office.ReportFiled',
  version: 2,
  description: 'A report has been filed.',
  data: z.object({ text: z.string(), pages: z.int() }),
  earlier: [
    {
      version: 1,
      data: z.object({ text: z.string() }),
      upcast: ({ text }) => ({ text, pages: Math.ceil(text.length / 1_000) }),
    },
  ],
});

/** Published with a link to its text. A test says where the archive is. */
export const ReportArchived = defineEvent({
  type: 'office.ReportArchived',
  version: 1,
  description: 'A report is in the archive.',
  data: z.object({ text: z.string() }),
  links: [`${process.env.ARCHIVE_ORIGIN ?? 'https://archive.example.com'}/`],
});
