import { consume } from '../../../../lib/runtime/consume.ts';
import { shipping } from './consumer.ts';
import { handlers } from './handlers.ts';

export const handler = consume(shipping, handlers);
