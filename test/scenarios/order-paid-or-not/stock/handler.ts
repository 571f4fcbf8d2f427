import { consume } from '../../../../lib/runtime/consume.ts';
import { stock } from './consumer.ts';
import { handlers } from './handlers.ts';

export const handler = consume(stock, handlers);
