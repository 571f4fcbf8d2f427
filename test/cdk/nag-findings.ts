import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  NIST80053R5Checks,
  PCIDSS321Checks,
  ServerlessChecks,
} from 'cdk-nag';

const PACKS = [AwsSolutionsChecks, NIST80053R5Checks, HIPAASecurityChecks, PCIDSS321Checks, ServerlessChecks];

interface Report {
  readonly pluginReports?: readonly {
    readonly violations?: readonly {
      readonly ruleName: string;
      readonly violatingConstructs?: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}

/** Synthesizes an app under all packs and returns what they find: rule and place. @param outdir where the app is synthesized */
export function findings(app: App, outdir: string): string[] {
  Validations.of(app).addPlugins(...PACKS.map((Checks) => new Checks(app)));
  const report = join(outdir, 'validation-report.json');
  rmSync(report, { force: true });
  try {
    app.synth();
  } catch (error) {
    // A finding fails the synthesis; the report beside the templates says what it was.
    if (!existsSync(report)) throw error;
  }
  if (!existsSync(report)) return [];
  const { pluginReports = [] }: Report = JSON.parse(readFileSync(report, 'utf8'));
  return pluginReports.flatMap(({ violations = [] }) =>
    violations.flatMap(({ ruleName, violatingConstructs = [] }) =>
      violatingConstructs.map(({ constructPath = '' }) => `${ruleName} ${constructPath}`),
    ),
  );
}
