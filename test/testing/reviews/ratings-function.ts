import { consume } from 'fanfare/runtime';
import { ratings, ratingsHandlers } from './ratings.ts';

export const handler = consume(ratings, ratingsHandlers);
