import type { SynthesizedStack, Template } from './read-assembly.ts';
import type { StackPair } from './resolve.ts';

/** A stack that is in the app and deployed. */
export interface ComparedStack extends StackPair {
  readonly synthesized: SynthesizedStack;
  /** The template of the last deployment; undefined when it could not be read. */
  readonly deployedTemplate: Template | undefined;
}

/** Type and path of a resource: `AWS::SQS::Queue shop-dev-Email/Consumer/Queues/Queue` */
export function nameOf({ synthesized, template, resources }: ComparedStack, logicalId: string): string {
  const type = template.Resources?.[logicalId]?.Type ?? resources.get(logicalId)?.type ?? '';
  return `${type} ${synthesized.paths.get(logicalId) ?? `${synthesized.stackName}/${logicalId}`}`;
}
