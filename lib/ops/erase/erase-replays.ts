import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { isEnded } from '../../archive/replay/replay-state.ts';
import { isJsonObject } from '../../contracts/json/json.ts';
import { parseStoredJson } from '../../contracts/json/stored-json.ts';
import { textsIn } from '../../contracts/json/texts-in.ts';
import { attempt } from '../problem.ts';
import type { Erasure } from './erasure.ts';
import type { KeptReplay } from './kept-replays.ts';

const ERASED = 'erased';

/**
 * Removes what names a person from the replays that have ended: their conditions as a whole, who has started them, and why they have failed.
 * A replay that can be resumed needs its conditions: it is noted.
 *
 * @returns of how many
 */
export async function eraseReplays(erasure: Erasure): Promise<number> {
  const { dryRun, notes, replays } = erasure;
  let count = 0;
  for (const replay of replays) {
    const content = contentOf(erasure, replay);
    const problem = problemOf(erasure, replay);
    if (content === undefined && problem === undefined) continue;
    const what = `replay ${replay.state.id} to ${replay.state.consumer}`;
    if (!isEnded(replay.state)) {
      const why = `it names the person, and is ${replay.state.status}; cancel it, and run the command again`;
      notes.left.push({ what, why });
      continue;
    }
    const changing = dryRun ? Promise.resolve(true) : change(erasure, replay, { content, problem });
    const { value, problems } = await attempt({ resource: 'replay', name: replay.state.id }, changing);
    notes.problems.push(...problems);
    if (value) count += 1;
    if (value === false) notes.left.push({ what, why: 'it has changed meanwhile; run the command again' });
  }
  return count;
}

/** What the state has as JSON, without the person; undefined when it names none. */
function contentOf({ subjects }: Erasure, { item }: KeptReplay): string | undefined {
  const content = parseStoredJson(item.content?.S ?? '{}', 'the content of a replay');
  const { where, createdBy, ...rest } = isJsonObject(content) ? content : {};
  const [namesIn, namesBy] = [where, createdBy].map((value) => textsIn(value).some(subjects.isNamedIn));
  if (!namesIn && !namesBy) return undefined;
  return JSON.stringify({
    ...rest,
    where: namesIn ? undefined : where,
    createdBy: namesBy ? ERASED : createdBy,
  });
}

function problemOf({ subjects }: Erasure, { state: { problem } }: KeptReplay): string | undefined {
  return problem !== undefined && subjects.isNamedIn(problem) ? ERASED : undefined;
}

/** @returns false when somebody has changed or deleted it since it was read */
async function change(
  { clients }: Erasure,
  { table, item }: KeptReplay,
  changed: Readonly<Record<'content' | 'problem', string | undefined>>,
): Promise<boolean> {
  const { replay, part, content } = item;
  if (!replay || !part || !content) return false;
  const values = Object.entries(changed).filter(([, value]) => value !== undefined);
  try {
    await clients.dynamodb.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { replay, part },
        UpdateExpression: `SET ${values.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: '#content = :before',
        ExpressionAttributeNames: {
          '#content': 'content',
          ...Object.fromEntries(values.map(([name]) => [`#${name}`, name])),
        },
        ExpressionAttributeValues: {
          ':before': content,
          ...Object.fromEntries(values.map(([name, value]) => [`:${name}`, { S: value ?? '' }])),
        },
      }),
    );
    return true;
  } catch (error) {
    // The caller notes that it stays.
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
