/** A request that the page can send. Every action needs the session. */
export interface Action {
  readonly method: 'GET' | 'POST';
  readonly pattern: URLPattern;
  /**
   * @param parameters parameters of the path and the query
   * @param body body of a POST, parsed but not checked
   * @param signal fires when the console is closed; the console then waits until the action has ended
   */
  run(parameters: Readonly<Record<string, string>>, body: unknown, signal: AbortSignal): Promise<unknown>;
}

/** Thrown when a request is refused, with the HTTP status of the answer. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Defines a GET, for a read without effects on the deployment. */
export function read(path: string, run: Action['run']): Action {
  return { method: 'GET', pattern: new URLPattern({ pathname: path }), run };
}

/**
 * Defines a POST, for a read that has effects: it scans tables, which costs money, or receives messages, which hides them. It is no GET, because
 * other pages can make a browser send a GET by an image or a link.
 */
export function query(path: string, run: Action['run']): Action {
  return { method: 'POST', pattern: new URLPattern({ pathname: path }), run };
}

/** Defines a POST with a JSON body, for a change. */
export function change(path: string, run: Action['run']): Action {
  return { method: 'POST', pattern: new URLPattern({ pathname: path }), run };
}
