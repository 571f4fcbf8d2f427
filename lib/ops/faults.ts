import type { Deployment } from './deployment.ts';

/** A fault that is on, on this machine. */
export interface NamedFault {
  /** A consumer, `publish`'s function, or `aws` or `dynamodb`, the engines. */
  readonly target: string;
  readonly kind: string;
}

/** The faults that are on, by the names of their consumers. @throws Error when nothing runs there */
export async function readFaults(
  awsEndpoint: string,
  { consumers }: Deployment,
): Promise<readonly NamedFault[]> {
  const faults = await ask(awsEndpoint, 'GET', '');
  return faults.map(({ target, kind }) => ({
    target: consumers.find(({ functionName }) => functionName === target)?.name ?? target,
    kind,
  }));
}

/** The function of a consumer, as faults are set on; whatever else is named is left to the machine. */
export function functionOf({ consumers }: Deployment, target: string): string {
  return consumers.find(({ name }) => name === target)?.functionName ?? target;
}

/**
 * Turns a fault on, or off with no kind.
 *
 * @throws Error that says which targets and kinds there are
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
