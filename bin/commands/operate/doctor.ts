import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import * as events from '../../../events/index.ts';
import { examine } from '../../../lib/ops/doctor/examine.ts';
import type { Finding } from '../../../lib/ops/doctor/finding.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { synthesize } from '../synthesize.ts';
import { type PlaceOptions, withDeployment, withPlace } from './place.ts';

/** Adds `fanfare doctor`. */
export function addDoctorCommand(program: Command): void {
  withPlace(program.command('doctor'))
    .description(
      'Holds a deployment against what is synthesized, and looks for the usual traps. Exits with 1 on an error.',
    )
    .option(
      '--assembly <folder>',
      'what was synthesized, such as cdk.out (default: synthesizes the stage dev anew)',
    )
    .option('--json', 'print the findings as JSON', false)
    .action(runDoctor);
}

type DoctorOptions = PlaceOptions & { readonly assembly?: string; readonly json: boolean };

async function runDoctor({ json, assembly, ...options }: DoctorOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fanfare-doctor-'));
  const knownTypes = Object.values(events).flatMap(({ versions }) =>
    versions.map(({ versionedType }) => versionedType),
  );
  try {
    const findings = await withDeployment(options, async ({ clients, deployment }) => {
      if (assembly === undefined) await synthesize(folder);
      return examine(clients, deployment, { assemblyDirectory: assembly ?? folder, knownTypes });
    });
    console.log(json ? JSON.stringify(findings, null, 2) : describe(findings));
    if (findings.some(({ severity }) => severity === 'error')) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function describe(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Nothing is wrong.';
  return findings
    .map(({ severity, resource, detail, remedy }) => {
      const label = severity === 'error' ? styleText('red', 'error') : styleText('yellow', 'warning');
      return `${label}: ${plainText(`${resource} ${detail}`)}\n    ${plainText(remedy)}`;
    })
    .join('\n');
}
