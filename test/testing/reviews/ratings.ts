import { defineConsumer } from 'fanfare/contracts';
import { CommitRejectedError, type Handlers, PermanentError } from 'fanfare/runtime';
import { MovieRated, ReviewPublished, ReviewWithdrawn } from './events.ts';

export const ratings = defineConsumer({
  name: 'ratings',
  description: 'Counts the stars of every movie.',
  listensTo: [ReviewPublished, ReviewWithdrawn],
  emits: [MovieRated],
  effects: 'commit',
  tables: { movies: { partitionKey: 'movieId' } },
});

/** Everything goes through the commit: right, whatever happens. */
export const ratingsHandlers: Handlers<typeof ratings> = {
  'movies.ReviewPublished': async ({ data: { movieId, stars } }, ctx) => {
    if (movieId === 'unknown') throw new PermanentError('there is no movie unknown');
    ctx.logger.info('a rating', { movieId });
    ctx.emit(MovieRated, { movieId, stars });
    await ctx.commit([
      {
        Update: {
          TableName: ctx.tables.movies,
          Key: { movieId: { S: movieId } },
          UpdateExpression: 'ADD ratings :one, stars :stars',
          ExpressionAttributeValues: { ':one': { N: '1' }, ':stars': { N: String(stars) } },
        },
      },
    ]);
  },
  'movies.ReviewWithdrawn': async ({ data: { movieId } }, ctx) => {
    try {
      await ctx.commit([
        {
          Delete: {
            TableName: ctx.tables.movies,
            Key: { movieId: { S: movieId } },
            ConditionExpression: 'ratings = :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          },
        },
      ]);
    } catch (error) {
      // Others have rated it too: nothing to do.
      if (!(error instanceof CommitRejectedError)) throw error;
      await ctx.commit([]);
    }
  },
};
