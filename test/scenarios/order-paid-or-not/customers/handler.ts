import { consume } from '../../../../lib/runtime/consume.ts';
import { customers } from './consumer.ts';
import { handlers } from './handlers.ts';

export const handler = consume(customers, handlers);
