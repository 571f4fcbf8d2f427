import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const APP = fileURLToPath(new URL('../app.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Synthesizes the app into a directory, exactly as `cdk synth` would: `node bin/app.ts`.
 *
 * A process of its own, so that a changed source is read anew and the engines can start meanwhile.
 *
 * @throws Error with what the app printed when it does not synthesize
 */
export async function synthesize(directory: string): Promise<void> {
  const app = spawn(process.execPath, [APP], {
    cwd: ROOT,
    // `npm test` and `cdk synth` validate the templates; here that would be half of the time until the shop runs.
    env: { ...process.env, CDK_OUTDIR: directory, CDK_VALIDATION: 'false' },
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
  if (code !== 0)
    throw new Error(`the app does not synthesize (node bin/app.ts ended with ${code}):\n${output.trim()}`);
}
