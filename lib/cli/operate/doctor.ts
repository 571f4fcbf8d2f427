import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { synthesize } from '../../local/synthesize.ts';
import { type Examination, examine, OtherStageError } from '../../ops/doctor/examine.ts';
import type { Finding } from '../../ops/doctor/finding.ts';
import type { Whereabouts } from '../../ops/fanfare-command.ts';
import { findProject } from '../../project/find-project.ts';
import { type ContextOptions, readContext, withContext } from '../context.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { nonEmpty } from '../terminal/parse-options.ts';
import { plainText } from '../terminal/plain-text.ts';
import { printJson } from '../terminal/print-json.ts';
import { deploymentNameOf, type TargetOptions, withClients, withTarget } from './target.ts';

/** Adds `fanfare doctor`. */
export function addDoctorCommand(program: Command): void {
  withContext(withTarget(program.command('doctor')))
    .description(
      'Compares a deployment with what is synthesized for its stage, and looks for the usual traps. ' +
        'Exits with 1 on an error, with 3 when something could not be looked at.',
    )
    .option(
      '--assembly <folder>',
      'what was synthesized, such as cdk.out (default: synthesizes the stage anew, with the settings of -c)',
      nonEmpty,
    )
    .option('--json', 'print the findings as JSON', false)
    .action(runDoctor);
}

type DoctorOptions = TargetOptions & ContextOptions & { readonly assembly?: string; readonly json: boolean };

async function runDoctor(options: DoctorOptions, command: Command): Promise<void> {
  const { json, assembly } = options;
  if (assembly !== undefined && options.context.length > 0) {
    command.error('error: -c is for synthesizing, and --assembly is synthesized already; say one', {
      exitCode: EXIT.usage,
    });
  }
  const examination = await withClients(options, async ({ place, clients }) => {
    const name = deploymentNameOf(options);
    const where = { place, ...name };
    if (assembly !== undefined) {
      return examineAssembly(clients, where, assembly).catch((error: unknown) => {
        if (error instanceof OtherStageError)
          command.error(`error: ${error.message}`, { exitCode: EXIT.usage });
        throw error;
      });
    }
    const folder = await mkdtemp(join(tmpdir(), 'fanfare-doctor-'));
    try {
      const project = findProject();
      const context = { ...project.context, ...readContext(options), ...name };
      await synthesize({ ...project, context, outputDirectory: folder });
      return await examineAssembly(clients, where, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  if (json) printJson('findings', examination);
  else console.log(describe(examination));
  process.exitCode = exitCodeOf(examination);
}

async function examineAssembly(
  clients: Parameters<typeof examine>[0],
  where: Whereabouts,
  assemblyDirectory: string,
): Promise<Examination> {
  return examine(clients, {
    ...where,
    assemblyDirectory,
    knownTypes: await readKnownTypes(assemblyDirectory),
  });
}

/** Types on the wire that the synthesized app has contracts of, which need not be those of this checkout. */
async function readKnownTypes(assemblyDirectory: string): Promise<readonly string[]> {
  const text = await readFile(join(assemblyDirectory, 'asyncapi.json'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      // An app without documents: its filters are compared with the templates only.
      if (error.code === 'ENOENT') return '{}';
      throw error;
    },
  );
  const { components }: { components?: { messages?: Readonly<Record<string, unknown>> } } = JSON.parse(text);
  return Object.keys(components?.messages ?? {});
}

/** An error weighs more than what is not known. */
function exitCodeOf({ findings }: Examination): number {
  if (findings.some(({ severity }) => severity === 'error')) return EXIT.trouble;
  return findings.some(({ severity }) => severity === 'could not look') ? EXIT.unknown : EXIT.ok;
}

const COLOURS = { error: 'red', 'could not look': 'magenta', warning: 'yellow', info: 'cyan' } as const;

function describe({ findings, notCompared }: Examination): string {
  return [
    ...(findings.every(({ severity }) => severity === 'info') ? ['Nothing is wrong.'] : []),
    ...findings.map(describeFinding),
    `Of these types only what was deployed was compared, not what somebody has changed by hand: ${notCompared.join(', ')}.`,
  ].join('\n');
}

function describeFinding({ severity, resource, detail, remedy }: Finding): string {
  const label = styleText(COLOURS[severity], severity);
  return `${label}: ${plainText(`${resource} ${detail}`)}\n    ${plainText(remedy)}`;
}
