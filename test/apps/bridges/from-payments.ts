import * as z from 'zod';
import { fromEventBridge } from '../../../lib/publishing/event-bridge/from-event-bridge.ts';
import { InvoiceStored, PaymentReceived } from './events.ts';

const StoredObject = z.object({ object: z.object({ key: z.string(), size: z.int() }) });

export const handler = fromEventBridge([
  { source: 'com.example.payments', detailType: 'Payment Received', contract: PaymentReceived },
  {
    source: 'aws.s3',
    detailType: 'Object Created',
    contract: InvoiceStored,
    data: ({ detail }) => {
      const { object } = StoredObject.parse(detail);
      return { key: object.key, bytes: object.size };
    },
    attributes: ({ region }) => ({ subject: `invoices/${region}` }),
  },
]);
