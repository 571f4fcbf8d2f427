/** A fault that is on, on this machine. */
export interface Fault {
  /** Name of a consumer's function, or `aws` or `dynamodb`, the engines. */
  readonly target: string;
  readonly kind: string;
}

/** The faults that are on. @throws Error when nothing runs there */
export async function readFaults(awsEndpoint: string): Promise<readonly Fault[]> {
  return ask(awsEndpoint, 'GET', '');
}

/**
 * Turns a fault on, or off with no kind.
 *
 * @throws Error that says which targets and kinds there are
 */
export async function setFault(
  awsEndpoint: string,
  target: string,
  kind: string | undefined,
): Promise<readonly Fault[]> {
  const path = `/${encodeURIComponent(target)}`;
  return kind === undefined
    ? ask(awsEndpoint, 'DELETE', path)
    : ask(awsEndpoint, 'PUT', `${path}?kind=${encodeURIComponent(kind)}`);
}

async function ask(awsEndpoint: string, method: string, path: string): Promise<readonly Fault[]> {
  const response = await fetch(`${awsEndpoint}/_fanfare/faults${path}`, { method });
  const answer: unknown = await response.json();
  if (response.ok && Array.isArray(answer)) return answer;
  const message =
    typeof answer === 'object' && answer !== null && 'message' in answer ? answer.message : answer;
  throw new Error(String(message));
}
