import type { ConsumerReceipt, Receipt } from '../contracts/receipts/receipt.ts';
import { plainText } from './terminal/plain-text.ts';
import { formatTable } from './terminal/table.ts';

const UNKNOWN_BECAUSE: Readonly<Record<NonNullable<ConsumerReceipt['why']>, string>> = {
  filter: 'it takes only events with certain data, so it waits or was filtered out',
  type: 'the type of the event was not said',
  nobody: 'no consumer takes this type',
  time: 'the time of its publication was not said',
  later: 'the consumer was deployed or changed after the event was published',
  expired: 'its record may have expired',
  unreadable: 'its table cannot be read',
};

/** A receipt for people: one line for each consumer. */
export function formatReceipt({ consumers, note }: Receipt): string {
  const rows = consumers.map((one) => [plainText(one.consumer), one.status, detailOf(one)]);
  return [...(rows.length > 0 ? [formatTable([['CONSUMER', 'STATUS', ''], ...rows])] : []), note ?? []]
    .flat()
    .join('\n');
}

/** A receipt on one line: `2 of 3 consumers done, 1 waiting`. */
export function summarizeReceipt({ consumers }: Receipt): string {
  const counts = [...Map.groupBy(consumers, ({ status }) => status)].map(
    ([status, { length }]) => `${length} ${status}`,
  );
  return counts.length === 0 ? 'no consumers' : counts.join(', ');
}

function detailOf({ status, attempts = 0, maxAttempts, reason, why, since }: ConsumerReceipt): string {
  const reasonText = reason === undefined ? [] : [plainText(reason)];
  switch (status) {
    case 'done':
      return since === undefined ? '' : `at ${since}`;
    case 'failing':
      return [`attempt ${attempts} of ${maxAttempts ?? '?'}`, ...reasonText].join(': ');
    case 'dead':
      return [`after ${attempts} attempt${attempts === 1 ? '' : 's'}`, ...reasonText].join(': ');
    case 'unknown':
      return why === undefined ? '' : UNKNOWN_BECAUSE[why];
    case 'waiting':
    case 'handling':
    case 'skipped':
      return '';
    default:
      return status satisfies never;
  }
}
