/** Something that the page can ask for: a read (GET) or a change (POST, JSON in and out). */
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

export function read(path: string, run: Action['run']): Action {
  return { method: 'GET', pattern: new URLPattern({ pathname: path }), run };
}

export function change(path: string, run: Action['run']): Action {
  return { method: 'POST', pattern: new URLPattern({ pathname: path }), run };
}
