import { consume } from 'fanfare/runtime';
import { thanks, thanksHandlers } from './thanks.ts';

export const handler = consume(thanks, thanksHandlers);
