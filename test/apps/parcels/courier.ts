import { consume } from '../../../lib/runtime/consume.ts';
import { PermanentError } from '../../../lib/runtime/errors.ts';
import { courier } from './consumers.ts';

export const handler = consume(courier, {
  'post.ParcelSent': async ({ data }) => {
    if (data.courier === 'fails') throw new Error('the road is closed');
    if (data.courier === 'refuses') throw new PermanentError('it is too heavy');
  },
});
