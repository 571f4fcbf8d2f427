import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack, Validations } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, describe, expect, it } from 'vitest';
import { createApp } from '../../bin/app.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const outdir = mkdtempSync(join(tmpdir(), 'fanfare-nag-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** Synthesizes under the pack and returns what it found: rule and place. */
function findings(context: Record<string, unknown>): string[] {
  const app = createApp({ outdir, context: { ...WITHOUT_BUNDLING, ...context } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const report = join(outdir, 'validation-report.json');
  rmSync(report, { force: true });
  try {
    app.synth();
  } catch (error) {
    // A finding fails the synthesis; the report beside the templates says what it was.
    if (!existsSync(report)) throw error;
  }
  if (!existsSync(report)) return [];
  const {
    pluginReports = [],
  }: {
    pluginReports?: {
      violations?: { ruleName: string; violatingConstructs?: { constructPath?: string }[] }[];
    }[];
  } = JSON.parse(readFileSync(report, 'utf8'));
  return pluginReports.flatMap(({ violations = [] }) =>
    violations.flatMap(({ ruleName, violatingConstructs = [] }) =>
      violatingConstructs.map(({ constructPath = '' }) => `${ruleName} ${constructPath}`),
    ),
  );
}

describe("cdk-nag's AwsSolutions pack finds nothing without a written reason", () => {
  it.each([
    ['dev', {}],
    ['prod', { stage: 'prod', alarmEmail: 'ops@example.com' }],
  ])('in stage %s', (_, context) => {
    expect(findings(context)).toEqual([]);
  });
});

it('fails the synthesis of a template that CloudFormation would refuse', () => {
  const app = createApp({ outdir, context: WITHOUT_BUNDLING });
  const stack = app.node.children.find((child) => Stack.isStack(child));
  new CfnQueue(stack ?? expect.fail('the app has no stack'), 'Endless', { visibilityTimeout: 43_201 });
  expect(() => app.synth()).toThrow(/Endless/);
});
