import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

export interface SynthesizeOptions {
  /** Folder of the app's `cdk.json`. */
  readonly root: string;
  /** Command that starts the CDK app, from `app` in cdk.json, such as `node bin/app.ts`. */
  readonly appCommand: string;
  /** CDK context, passed to the app as the CDK's command line does. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Where to write the assembly. */
  readonly outputDirectory: string;
}

/**
 * Synthesizes an app into a folder, as `cdk synth` does: it runs the app's command in the app's folder.
 *
 * The app runs in its own process. So changed source files are read again, and the engines can start at the same time.
 *
 * @returns the warnings. As with `cdk synth`, they do not prevent a start
 * @throws Error with the output of the app when the app fails
 */
export async function synthesize({
  root,
  appCommand,
  context,
  outputDirectory,
}: SynthesizeOptions): Promise<readonly string[]> {
  // Of an earlier synthesis into the same folder.
  rmSync(join(outputDirectory, 'validation-report.json'), { force: true });
  const app = spawn(appCommand, {
    cwd: root,
    shell: true,
    env: {
      ...process.env,
      // As in `npm run`: the same Node, and the programs in the project's node_modules.
      PATH: [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      CDK_OUTDIR: outputDirectory,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      // `cdk synth` also validates the templates. Here that would take half of the start time.
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  app.stdout.on('data', collect);
  app.stderr.on('data', collect);
  const code = await new Promise<number | null>((resolve, reject) => {
    app.once('error', reject);
    app.once('close', resolve);
  });
  const warnings = readWarnings(outputDirectory);
  if (code !== 0 && warnings.length === 0) {
    throw new Error(`the app failed to synthesize ('${appCommand}' ended with ${code}):\n${output.trim()}`);
  }
  return warnings;
}

interface Violation {
  readonly description: string;
  readonly severity: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

/**
 * The warnings of the CDK's validation report. It ends an app with 1 because of them, after it has written the assembly.
 *
 * @returns none when there is no report, or when it has anything worse
 */
function readWarnings(outputDirectory: string): readonly string[] {
  const file = join(outputDirectory, 'validation-report.json');
  if (!existsSync(file) || !existsSync(join(outputDirectory, 'manifest.json'))) return [];
  const report: { readonly pluginReports: readonly { readonly violations: readonly Violation[] }[] } =
    JSON.parse(readFileSync(file, 'utf8'));
  const violations = report.pluginReports.flatMap((plugin) => plugin.violations);
  if (violations.some(({ severity }) => severity !== 'warning')) return [];
  return violations.map(
    ({ description, violatingConstructs: [first] }) => `${first?.constructPath ?? 'the app'}: ${description}`,
  );
}
