import { readFileSync } from 'node:fs';

const CDK_JSON = new URL('../../cdk.json', import.meta.url);

/**
 * The context of cdk.json. The CDK's command line hands it to the app; whoever makes the app without it gets the same
 * here, so that both synthesize the same stacks.
 */
export function projectContext(): Readonly<Record<string, unknown>> {
  if (process.env.CDK_CONTEXT_JSON !== undefined) return {};
  const { context }: { context: Record<string, unknown> } = JSON.parse(readFileSync(CDK_JSON, 'utf8'));
  return context;
}
