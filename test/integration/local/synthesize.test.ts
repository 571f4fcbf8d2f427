import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { synthesize } from '../../../lib/local/synthesize.ts';
import { newFolder } from './assembly.ts';

/** An app that writes an assembly with a report, and ends with 1 as the CDK does for a warning too. */
function appWith(severity: string, { manifest = true } = {}) {
  const root = newFolder();
  const violation = {
    description: 'mail is refused',
    severity,
    violatingConstructs: [{ constructPath: 'Shop/Email' }],
  };
  const report = JSON.stringify({ pluginReports: [{ violations: [violation] }] });
  const write = (name: string, text: string) =>
    `require('fs').writeFileSync(require('path').join(process.env.CDK_OUTDIR, ${JSON.stringify(name)}), ${JSON.stringify(text)});`;
  const lines = [
    write('validation-report.json', report),
    manifest ? write('manifest.json', '{}') : '',
    "console.error('the app says why'); process.exit(1);",
  ];
  writeFileSync(join(root, 'app.cjs'), lines.join('\n'));
  return synthesize({ root, appCommand: 'node app.cjs', context: {}, outputDirectory: newFolder() });
}

it('an app that only warns is run, as cdk synth takes it, and its warnings are given', async () => {
  expect(await appWith('warning')).toEqual(['Shop/Email: mail is refused']);
});

it.each<[string, string, { manifest?: boolean }]>([
  ['has an error', 'error', {}],
  ['has not written its assembly', 'warning', { manifest: false }],
])('an app that %s fails with its output', async (_, severity, options) => {
  await expect(appWith(severity, options)).rejects.toThrow(
    "('node app.cjs' ended with 1):\nthe app says why",
  );
});
