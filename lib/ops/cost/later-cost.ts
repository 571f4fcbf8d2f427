import type { CostLine, MakeLine } from './cost-line.ts';
import { PRICES } from './prices.ts';
import type { Inventory } from './read-inventory.ts';
import { USAGE } from './usage.ts';

const MEGABYTES_PER_GIGABYTE = 1_024;

/** One line for events that come later, and one for receipts; none for what is not asked for, and none where the bus is another app's. */
export function onDemandLines(
  { laters, apis, consumers }: Pick<Inventory, 'laters' | 'apis' | 'consumers'>,
  { later, receipts }: { readonly later: number; readonly receipts: number },
  line: MakeLine,
): readonly CostLine[] {
  const { laterInvocations, laterSends, laterRequestsPerBatch } = USAGE;
  return [
    ...(later > 0 && laters > 0
      ? [
          line(
            'later events',
            `${later.toLocaleString('en')}: ${laterSends + laterRequestsPerBatch} requests to SQS, a schedule and ${laterInvocations} invocations each`,
            (perBatch) => later * laterDollars(perBatch),
          ),
        ]
      : []),
    ...(receipts > 0 && apis > 0
      ? [
          line(
            'receipts',
            `${receipts.toLocaleString('en')}: a request, an invocation, and a read for each consumer`,
            () => receipts * receiptDollars(consumers),
          ),
        ]
      : []),
  ];
}

/** Dollars for one event that is due after more than 15 minutes, beside what every event costs. */
function laterDollars(perBatch: number): number {
  const { laterMegabytes, laterInvocations, laterReadUnits, laterSends, laterRequestsPerBatch } = USAGE;
  return (
    (laterSends + laterRequestsPerBatch / perBatch) * PRICES.sqsRequest +
    PRICES.schedulerInvocation +
    laterReadUnits * PRICES.dynamodbReadUnit +
    (laterInvocations / perBatch) * invocationDollars(USAGE.millisecondsPerInvocation, laterMegabytes)
  );
}

function receiptDollars(consumers: number): number {
  return (
    PRICES.httpApiRequest +
    invocationDollars(USAGE.receiptMilliseconds, USAGE.receiptMegabytes) +
    consumers * PRICES.dynamodbReadUnit +
    (USAGE.accessLineBytes / BYTES_PER_GIGABYTE) * PRICES.logGigabyte
  );
}

const BYTES_PER_GIGABYTE = 1e9;

function invocationDollars(milliseconds: number, megabytes: number): number {
  const gigabyteSeconds = (milliseconds * megabytes) / 1_000 / MEGABYTES_PER_GIGABYTE;
  return PRICES.lambdaRequest + gigabyteSeconds * PRICES.lambdaGigabyteSecond;
}
