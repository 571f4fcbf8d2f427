import type { DeployedResource } from '../assembly/deploy.ts';

/** What CloudFormation writes behind a name of its own: a dash, and letters and digits. */
const SUFFIX = '-[A-Za-z0-9]+';

/**
 * Translates what a template says of a bus on AWS into what runs here: `EventBus.fromAttributes` names the topic and the bucket of another
 * account, which are here under the same names without CloudFormation's suffix. Every other text stays as it is.
 *
 * @param resources those of the bus
 */
export function localNames(
  resources: readonly Pick<DeployedResource, 'type' | 'physicalId'>[],
): (text: string) => string {
  const patterns = resources.flatMap((resource) => patternOf(resource) ?? []);
  return (text) => patterns.reduce((so, { pattern, local }) => so.replace(pattern, local), text);
}

function patternOf({ type, physicalId }: Pick<DeployedResource, 'type' | 'physicalId'>) {
  if (type === 'AWS::S3::Bucket') {
    // Alone, as in a variable of a function. In an ARN it is only a part of a policy, which is not enforced here.
    return { pattern: new RegExp(`^${physicalId}${SUFFIX}$`), local: physicalId };
  }
  if (type !== 'AWS::SNS::Topic') return undefined;
  const [, name = '', fifo = ''] = /([^:]+?)(\.fifo)?$/.exec(physicalId) ?? [];
  const arn = `^arn:aws[a-z-]*:sns:[a-z0-9-]+:\\d{12}:${name}(${SUFFIX})?${fifo.replace('.', '\\.')}$`;
  return { pattern: new RegExp(arn), local: physicalId };
}
