import * as z from 'zod';
import { absent, absentOrNull, noneOf, oneOf, present } from '../../../../../lib/contracts/where.ts';
import type { Row } from './row.ts';

/** What is missing, null or empty. */
export const ABSENCE: readonly Row[] = [
  {
    what: 'present, and may be null',
    schema: z.object({ voucher: z.string().nullish() }),
    where: { voucher: present() },
    wanted: [{ voucher: null }, { voucher: 'A' }, { voucher: '' }],
    others: [{}],
  },
  {
    what: 'present, and may be empty',
    schema: z.object({ voucher: z.string().optional() }),
    where: { voucher: present() },
    wanted: [{ voucher: '' }],
    others: [{}],
  },
  {
    what: 'absent',
    schema: z.object({ voucher: z.string().optional() }),
    where: { voucher: absent() },
    wanted: [{}],
    others: [{ voucher: '' }, { voucher: 'A' }],
  },
  {
    what: 'absent, and may be null',
    schema: z.object({ voucher: z.string().nullish() }),
    where: { voucher: absent() },
    wanted: [{}],
    others: [{ voucher: null }],
    refused: 'absentOrNull()',
  },
  {
    what: 'absent or null',
    schema: z.object({ voucher: z.string().nullish() }),
    where: { voucher: absentOrNull() },
    wanted: [{}, { voucher: null }],
    others: [{ voucher: '' }],
  },
  {
    what: 'null',
    schema: z.object({ voucher: z.string().nullish() }),
    where: { voucher: oneOf(null) },
    wanted: [{ voucher: null }],
    others: [{}, { voucher: 'null' }],
  },
  {
    what: 'none of some, and null',
    schema: z.object({ voucher: z.string().nullish() }),
    where: { voucher: noneOf('A') },
    wanted: [{ voucher: null }, { voucher: 'B' }],
    others: [{}, { voucher: 'A' }],
  },
  {
    what: 'absent within an object that may be null',
    schema: z.object({ address: z.object({ city: z.string().optional() }).nullish() }),
    where: { 'address.city': absent() },
    wanted: [{}, { address: null }, { address: {} }],
    others: [{ address: { city: 'Ulm' } }],
  },
  {
    what: 'present, and required',
    schema: z.object({ voucher: z.string() }),
    where: { voucher: present() },
    wanted: [{ voucher: '' }],
    others: [],
  },
  {
    what: 'absent, and required',
    schema: z.object({ voucher: z.string() }),
    where: { voucher: absent() },
    wanted: [],
    others: [{ voucher: 'A' }],
    refused: 'the handler always gets a value',
  },
];
