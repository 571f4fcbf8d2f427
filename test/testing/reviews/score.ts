import { defineConsumer, type EventOf } from 'fanfare/contracts';
import type { HandlerContext, Handlers } from 'fanfare/runtime';
import { MovieRated, ReviewPublished } from './events.ts';

const common = {
  description: 'Keeps the score of every movie.',
  listensTo: [ReviewPublished],
  emits: [MovieRated],
  tables: { movies: { partitionKey: 'movieId' }, log: { partitionKey: 'id' } },
};

export const claiming = defineConsumer({ ...common, name: 'score' });
export const committing = defineConsumer({ ...common, name: 'score', effects: 'commit' });

/** Both consumers have the same events and tables. */
export type Score = typeof claiming;
export type ScoreHandler = (
  event: EventOf<typeof ReviewPublished>,
  ctx: HandlerContext<Score>,
) => Promise<void>;

export const handlersOf = (handler: ScoreHandler): Handlers<Score> => ({
  'movies.ReviewPublished': handler,
});

/** One movie has one star more. */
export const oneMore = (TableName: string, movieId: string) => ({
  TableName,
  Key: { movieId: { S: movieId } },
  UpdateExpression: 'ADD ratings :one',
  ExpressionAttributeValues: { ':one': { N: '1' } },
});
