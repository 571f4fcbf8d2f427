import { suggest } from '../contracts/text/nearest-name.ts';
import { oneNamed } from './deployed-consumer.ts';
import type { Deployment } from './deployment.ts';
import { UnknownNameError } from './errors.ts';

/** The engines that can be made unreachable: `aws` is SNS, SQS, S3 and SES. */
const ENGINES = ['aws', 'dynamodb'];

/** A fault that is on, on this machine. */
export interface NamedFault {
  /** Label of a consumer, or name of an engine; of another function, its function name. */
  readonly target: string;
  readonly kind: string;
}

/** The faults of a deployment and of the engines that are on, with the names of their consumers. @throws Error when nothing runs there */
export async function readFaults(
  awsEndpoint: string,
  { consumers, stacks }: Deployment,
): Promise<readonly NamedFault[]> {
  const faults = await ask(awsEndpoint, 'GET', '');
  // CloudFormation begins the name of a function with that of its stack.
  const isOwn = (target: string): boolean =>
    ENGINES.includes(target) || stacks.some(({ stackName }) => target.startsWith(`${stackName}-`));
  return faults
    .filter(({ target }) => isOwn(target))
    .map(({ target, kind }) => ({
      target: consumers.find(({ functionName }) => functionName === target)?.label ?? target,
      kind,
    }));
}

/**
 * The target of a fault as {@link setFault} takes it: for a consumer the name of its function, for an engine its own name.
 *
 * @throws UnknownNameError that lists the targets, when there is no such consumer or engine
 * @throws AmbiguousNameError that lists them when several apps have a consumer of this name
 */
export function faultTargetNamed({ consumers }: Pick<Deployment, 'consumers'>, target: string): string {
  if (ENGINES.includes(target)) return target;
  const consumer = oneNamed(consumers, target);
  if (consumer) return consumer.functionName;
  const targets = [...consumers.map(({ label }) => label), ...ENGINES];
  throw new UnknownNameError(`there is no consumer or engine '${target}'${suggest(target, targets)}`);
}

/**
 * Turns a fault on; an undefined kind turns it off.
 *
 * @throws Error that lists the kinds, when the target cannot have this fault
 */
export async function setFault(awsEndpoint: string, target: string, kind: string | undefined): Promise<void> {
  const path = `/${encodeURIComponent(target)}`;
  if (kind === undefined) await ask(awsEndpoint, 'DELETE', path);
  else await ask(awsEndpoint, 'PUT', `${path}?kind=${encodeURIComponent(kind)}`);
}

async function ask(awsEndpoint: string, method: string, path: string): Promise<readonly NamedFault[]> {
  const response = await fetch(`${awsEndpoint}/_fanfare/faults${path}`, { method });
  const answer: unknown = await response.json();
  if (response.ok && Array.isArray(answer)) return answer;
  const message =
    typeof answer === 'object' && answer !== null && 'message' in answer ? answer.message : answer;
  throw new Error(String(message));
}
