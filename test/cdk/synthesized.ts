import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../apps/orders/app.ts';

/** Bundling takes most of the time of a synthesis, and no template test looks at code. */
export const WITHOUT_BUNDLING = { 'aws:cdk:bundling-stacks': [] };

/** The app's stacks by the last part of their name: `Bus`, `Inventory`, ... */
export function synthesize(context: Record<string, unknown> = {}): Map<string, Stack> {
  const app = createApp({ context: { ...WITHOUT_BUNDLING, ...context } });
  return stacksOf(app);
}

export function stacksOf(app: App): Map<string, Stack> {
  const stacks = app.node.children.filter((child) => Stack.isStack(child));
  return new Map(stacks.map((stack) => [stack.stackName.split('-').slice(2).join('-'), stack]));
}

/** Every resource of a type in every stack, with where it is. */
export function findAll(stacks: ReadonlyMap<string, Stack>, type: string) {
  return [...stacks].flatMap(([stack, construct]) =>
    Object.entries(Template.fromStack(construct).findResources(type)).map(([logicalId, { Properties }]) => ({
      where: `${stack}/${logicalId}`,
      properties: Properties ?? {},
    })),
  );
}
