import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this app's contracts and their published schemas. */
export const EVENTS = fileURLToPath(new URL('./events', import.meta.url));

const APP = fileURLToPath(new URL('./app.ts', import.meta.url));

/** Synthesizes the app in its project, as the CDK does: the names of bundles depend on the folder that it is done in. */
export function synthesizeIn(
  project: string,
  outdir: string,
  context: Readonly<Record<string, string>>,
): void {
  const { context: own }: { readonly context: object } = JSON.parse(
    readFileSync(join(project, 'cdk.json'), 'utf8'),
  );
  const env = {
    ...process.env,
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...own, ...context }),
  };
  execFileSync(process.execPath, [APP], { cwd: project, env, stdio: 'pipe' });
}

/** A new folder in which commands find this app, as in a project of its own: with its cdk.json and its events. */
export function ordersProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-orders-'));
  const app = `node ${APP}`;
  // Its context is that of this repository: what it synthesizes elsewhere is compared with it.
  const { context }: { readonly context: object } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app, context }));
  symlinkSync(EVENTS, join(folder, 'events'));
  return folder;
}
