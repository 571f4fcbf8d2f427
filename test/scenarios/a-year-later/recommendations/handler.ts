import { consume } from '../../../../lib/runtime/consume.ts';
import { counted } from '../counted.ts';
import { recommendations } from './consumer.ts';

export const handler = consume(recommendations, {
  'shop.OrderPlaced': ({ data }, { commit, tables }) => commit([counted(tables.learned, data)]),
});
