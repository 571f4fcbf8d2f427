import { consume } from '../../../lib/runtime/consume.ts';
import type { HandlerContext } from '../../../lib/runtime/handling/handler-context.ts';
import { neighbour } from './consumers.ts';

/** Of both consumers: counts how often it acts on each note. */
async function note(
  { id, data }: { readonly id: string; readonly data: { readonly text?: string | undefined } },
  ctx: HandlerContext<typeof neighbour>,
): Promise<void> {
  await ctx.commit([
    {
      Update: {
        TableName: ctx.tables.notes,
        Key: { id: { S: id } },
        UpdateExpression: 'SET #length = :length ADD times :one',
        ExpressionAttributeNames: { '#length': 'length' },
        ExpressionAttributeValues: { ':one': { N: '1' }, ':length': { N: String(data.text?.length ?? 0) } },
      },
    },
  ]);
}

export const handler = consume(neighbour, { 'notes.NoteTaken': note, 'notes.NoteDropped': note });
