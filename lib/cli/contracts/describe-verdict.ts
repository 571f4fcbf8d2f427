import type { Change, Proof, Side } from '../../contracts/compatibility/changes/change.ts';
import type { Verdict } from '../../contracts/compatibility/check-contracts.ts';
import { clipText } from '../../contracts/text/clip-text.ts';

/** A datum can be long, when a length is what it shows; the file of `--json` has all of it. */
const MOST_LETTERS = 2_000;

const WHO: Readonly<Record<Side, string>> = {
  producers: 'producers that publish the old shape (not BACKWARD compatible)',
  consumers: 'consumers that read the old shape (not FORWARD compatible)',
};

/** What a person has to know of a version, as lines. */
export function describeVerdict(verdict: Verdict): readonly string[] {
  const { type } = verdict;
  switch (verdict.status) {
    case 'same':
      return [`${type} is as it was published`];
    case 'new':
      return [`${type} is new; publish its schema: npx fanfare contracts accept`];
    case 'compatible':
      return [
        `${type} has changed in a way that breaks nobody; publish it: npx fanfare contracts accept`,
        ...verdict.changes.map(describeChange),
      ];
    case 'incompatible':
      return [
        `${type} has changed in a way that breaks somebody, compared with ${verdict.base ?? 'its published schema'}:`,
        ...verdict.changes.map(describeChange),
        ...verdict.proofs.map(describeProof),
        ...advise(type),
      ];
    case 'missing':
      return [
        `${type} was published in ${verdict.base}, and its schema is not here; a published schema is never deleted.`,
        '  Write it again: npx fanfare contracts accept',
      ];
    case 'gone':
      return [
        `${type} was published, and no contract knows it any more: events of it that are still under way could not be read.`,
        `  Bring it back under 'earlier'; or, once nobody publishes it and no queue holds it: npx fanfare contracts accept --retire ${type}`,
      ];
    case 'retired':
      return [`${type} is retired`];
  }
}

function describeChange({ pointer, detail, breaks }: Change): string {
  const broken = breaks.map((side) => `\n      breaks ${WHO[side]}`).join('');
  return `  ${pointer || '/'}: ${detail}${broken}`;
}

const SUFFER: Readonly<Record<Side, string>> = {
  producers: 'Producers of the old shape send this, and it is refused now',
  consumers: 'Producers of the new shape may send this, and the old shape refuses it',
};

/** Data that shows it; or that it cannot be said, which counts as broken. */
function describeProof(proof: Proof): string {
  return 'datum' in proof
    ? `  ${SUFFER[proof.side]}:\n      ${clipText(JSON.stringify(proof.datum), MOST_LETTERS)}`
    : `  Could not be compared, and is taken to break ${proof.side}: ${proof.why}`;
}

function advise(type: string): readonly string[] {
  const [, name = type, version = '1'] = /^(.*)\.v(\d+)$/.exec(type) ?? [];
  return [
    `  Leave v${version} as it was, and make the new shape another version of ${name}:`,
    `      version: ${Number(version) + 1}, data: <the new shape>,`,
    `      earlier: [{ version: ${version}, data: <the old shape>, upcast: (data) => ({ ...data, <what is new> }) }],`,
    '  See docs/contracts.md, "Versions".',
  ];
}
