import { checkResource } from './check-resource.ts';
import { type ComparedStack, nameOf } from './compared-stack.ts';
import type { Finding } from './finding.ts';
import { look, mapInParallel } from './look.ts';
import type { Source } from './readers/reader.ts';
import type { Pairs } from './resolve.ts';

/** A resource that the CDK adds when it deploys. */
const ADDED_BY_CDK = 'AWS::CDK::Metadata';

/** Compares the synthesized resources of a stack with the deployed ones, in both directions and property by property. */
export async function checkDrift(
  source: Source,
  stack: ComparedStack,
  pairs: Pairs,
): Promise<readonly Finding[]> {
  const { Resources = {} } = stack.template;
  const differences = await mapInParallel(Object.entries(Resources), ([logicalId, resource]) =>
    look(nameOf(stack, logicalId), () => checkResource(source, { stack, pairs, logicalId, resource })),
  );
  const extra = [...stack.resources].flatMap(([logicalId, { type, physicalId }]): Finding[] =>
    Object.hasOwn(Resources, logicalId) || type === ADDED_BY_CDK
      ? []
      : [
          {
            severity: 'warning',
            resource: nameOf(stack, logicalId),
            detail: `is deployed as ${physicalId}, but is not in the app`,
            remedy: `deploy ${stack.deployed.stackName} from the version of the app that should be deployed: npx cdk deploy removes the resource`,
          },
        ],
  );
  return [...differences, ...extra];
}
