import type { ConsumerFinding } from '../../../contracts/consumers/check-consumers.ts';

/** What a person has to know of consumers of other apps, as lines: those that break first. */
export function describeFindings(findings: readonly ConsumerFinding[]): readonly string[] {
  const byConsumer = Map.groupBy(
    findings,
    ({ breaks, app, consumer, type }) => `${verb(breaks)}${consumer} of ${app}, which takes ${type}:`,
  );
  const lines = [...byConsumer].flatMap(([title, all]) => [
    title,
    ...all.map(({ pointer, detail }) => `  ${pointer === undefined ? '' : `${pointer || '/'}: `}${detail}`),
  ]);
  return lines.length > 0 ? lines : ['No consumer of the given files breaks.'];
}

function verb(breaks: boolean): string {
  return breaks ? 'Breaks ' : 'Note on ';
}
