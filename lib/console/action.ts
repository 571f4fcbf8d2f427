/** Something that the page can ask for. Each needs the session, whatever its method. */
export interface Action {
  readonly method: 'GET' | 'POST';
  readonly pattern: URLPattern;
  /** @param parameters of the path and the query @param body of a POST, parsed and not checked */
  run(parameters: Readonly<Record<string, string>>, body: unknown): Promise<unknown>;
}

/** A request that cannot be done, with the HTTP status that says so. */
export class ActionProblem extends Error {
  override readonly name = 'ActionProblem';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** A read without any effect on the deployment: a GET. */
export function read(path: string, run: Action['run']): Action {
  return { method: 'GET', pattern: new URLPattern({ pathname: path }), run };
}

/**
 * A read that is not free of effects: it scans tables, which costs, or receives messages, which hides them meanwhile. It is a
 * POST with its parameters in the body, because browsers send GETs also for images and links.
 */
export function query(path: string, run: Action['run']): Action {
  return { method: 'POST', pattern: new URLPattern({ pathname: path }), run };
}

/** A change: a POST with a JSON body. */
export function change(path: string, run: Action['run']): Action {
  return { method: 'POST', pattern: new URLPattern({ pathname: path }), run };
}
