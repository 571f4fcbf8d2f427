import type { Command } from 'commander';
import type { Verdict } from '../../contracts/compatibility/check-contracts.ts';
import type { ConsumerFinding } from '../../contracts/consumers/check-consumers.ts';
import { nonEmpty } from '../terminal/parse-options.ts';
import { printJson } from '../terminal/print-json.ts';
import type { Compared } from './compare-with-published.ts';
import { describeVerdict } from './describe-verdict.ts';

export interface ContractsOptions {
  readonly events?: string;
  readonly against?: string;
  readonly json: boolean;
}

/** Adds the options that say which contracts are compared with what. */
export function withContracts(command: Command): Command {
  return command
    .option(
      '--events <folder>',
      'folder of the contracts (default: events, or what package.json says)',
      nonEmpty,
    )
    .option(
      '--against <ref>',
      'commit, branch or tag whose schemas count as published too (default: where this branch left the main branch)',
    );
}

export function describeCompared(verdict: Verdict): string {
  return describeVerdict(verdict).join('\n');
}

/** What was found, and what it was compared with: a check that saw little must not look like one that saw all. */
export function printCompared(
  { json }: ContractsOptions,
  {
    verdicts,
    bases,
    notes,
    findings,
  }: Compared & { readonly findings?: readonly ConsumerFinding[] | undefined },
  text: readonly string[],
): void {
  const against = bases.map(({ name, schemas }) => ({ commit: name, versions: schemas.size }));
  if (json) {
    printJson('contracts', { verdicts, against, notes, ...(findings && { consumers: findings }) });
    return;
  }
  const compared = against.map(
    ({ commit, versions }) => `Compared with ${commit}, which has ${versions} versions.`,
  );
  console.log([...text, ...compared, ...notes].join('\n'));
}
