import { createHash } from 'node:crypto';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { consume } from '../../../lib/runtime/consume.ts';
import { PermanentError } from '../../../lib/runtime/errors.ts';
import { reader } from './consumer.ts';

export const handler = consume(reader, {
  'office.ReportFiled': (event, ctx) =>
    ctx.commit([
      note(
        ctx.tables.notes,
        event.id,
        `${event.data.pages} pages, ${event.dataref ?? 'no link'}`,
        event.data.text,
      ),
    ]),
  'office.ReportArchived': async (event, ctx) => {
    const { text } = await event.resolve();
    if (text === 'unwanted') {
      ctx.logger.warn('unwanted', { link: event.dataref, message: `nobody wants ${event.dataref}` });
      throw new PermanentError(`nobody wants ${event.dataref}`, {
        cause: new Error(`it is ${event.dataref}`),
      });
    }
    await ctx.commit([note(ctx.tables.notes, event.id, 'archived', text)]);
  },
});

function note(TableName: string, id: string, remark: string, text: string): TransactWriteItem {
  return {
    Update: {
      TableName,
      Key: { id: { S: id } },
      UpdateExpression: 'SET remark = :remark, #hash = :hash ADD readings :one',
      ExpressionAttributeNames: { '#hash': 'hash' },
      ExpressionAttributeValues: {
        ':remark': { S: remark },
        ':hash': { S: createHash('sha256').update(text).digest('hex') },
        ':one': { N: '1' },
      },
    },
  };
}
