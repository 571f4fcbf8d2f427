import { findProject } from '../project/find-project.ts';

/**
 * The context of cdk.json. The CDK's command line hands it to the app; without the command line,
 * this function reads it, so that both synthesize the same stacks.
 */
export function projectContext(): Readonly<Record<string, unknown>> {
  return process.env.CDK_CONTEXT_JSON === undefined ? findProject().context : {};
}
