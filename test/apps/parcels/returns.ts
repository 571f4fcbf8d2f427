import { consume } from '../../../lib/runtime/consume.ts';
import { returns } from './consumers.ts';

export const handler = consume(returns, { 'post.ParcelReturned': async () => undefined });
