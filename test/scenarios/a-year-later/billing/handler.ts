import { consume } from '../../../../lib/runtime/consume.ts';
import { counted } from '../counted.ts';
import { billing } from './consumer.ts';

export const handler = consume(billing, {
  'shop.OrderPlaced': ({ data }, { commit, tables }) => commit([counted(tables.bills, data)]),
});
