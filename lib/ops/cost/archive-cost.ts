import type { CostLine, MakeLine } from './cost-line.ts';
import { PRICES } from './prices.ts';
import type { Inventory } from './read-inventory.ts';
import { USAGE } from './usage.ts';

const MEGABYTES_PER_GIGABYTE = 1_024;

const HOW = 'a message in SQS for each event, and an object in S3 for each batch';

/** One line for the archives of standard buses, and one for those of FIFO buses, which cost more. */
export function archiveLines(
  { archives, fifoArchives }: Pick<Inventory, 'archives' | 'fifoArchives'>,
  events: number,
  line: MakeLine,
): readonly CostLine[] {
  const standard = archives - fifoArchives;
  const lines: CostLine[] = [];
  if (standard > 0)
    lines.push(
      line(
        'archive',
        `${HOW} of five minutes; without its storage`,
        (perBatch) => standard * archiveDollars(events, perBatch, { fifo: false }),
      ),
    );
  if (fifoArchives > 0)
    lines.push(
      line(
        'archive of a FIFO bus',
        `${HOW} of ten events at most; without its storage`,
        (perBatch) => fifoArchives * archiveDollars(events, perBatch, { fifo: true }),
      ),
    );
  return lines;
}

/** Dollars for archiving so many events of one bus, without what idle queues and storage cost. */
function archiveDollars(events: number, perBatch: number, { fifo }: { fifo: boolean }): number {
  const requests = events * (USAGE.sendsPerMessage + USAGE.requestsPerBatch / perBatch);
  const batches = fifo ? events / perBatch : Math.min(events, USAGE.archiveBatchesPerMonth);
  const milliseconds = fifo ? USAGE.archiveFifoMilliseconds : USAGE.archiveMilliseconds;
  const gigabyteSeconds = (batches * milliseconds * USAGE.archiveMegabytes) / 1_000 / MEGABYTES_PER_GIGABYTE;
  return (
    requests * (fifo ? PRICES.sqsFifoRequest : PRICES.sqsRequest) +
    batches * (PRICES.s3Put + PRICES.lambdaRequest) +
    gigabyteSeconds * PRICES.lambdaGigabyteSecond
  );
}
