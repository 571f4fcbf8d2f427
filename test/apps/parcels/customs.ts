import { consume } from '../../../lib/runtime/consume.ts';
import { customs } from './consumers.ts';

export const handler = consume(customs, { 'post.ParcelSent': async () => undefined });
