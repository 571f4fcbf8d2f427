import { createCatalog } from 'fanfare/contracts';
import { createPublishHandler } from 'fanfare/publish';
import { CartFilled, CartForgotten, CartPaid, DayEnded } from './definitions.ts';

export const handler = createPublishHandler(createCatalog([CartFilled, CartPaid, CartForgotten, DayEnded]));
