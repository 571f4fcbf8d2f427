import { consume } from '../../../../lib/runtime/consume.ts';
import { payments } from './consumer.ts';
import { handlers } from './handlers.ts';

export const handler = consume(payments, handlers);
