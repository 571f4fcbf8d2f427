import type { MiddlewareStack } from '@smithy/types';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;
/** Headers that a listener on the network could reuse. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
const SECRET_HEADERS = ['x-amz-security-token', 'authorization'] as const;

/** The address of a request, in the form that `fetch` and the SDK's clients use. */
export interface Destination {
  readonly protocol: string;
  readonly hostname: string;
}

/** Whether nobody on the network can read the request: it uses https, or it does not leave this machine. */
export function isPrivateTransport({ protocol, hostname }: Destination): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

/**
 * Refuses to send session credentials or a bearer token over plain HTTP to another machine. A signature made with long-lived keys
 * is allowed: it contains no secret, and AWS emulators in a container network need it.
 *
 * @throws TypeError that names the host; nothing was sent
 */
export function refusePlainHttp(to: Destination, headers: Readonly<Record<string, string>>): void {
  if (isPrivateTransport(to)) return;
  const secret = Object.entries(headers).some(
    ([name, value]) =>
      name.toLowerCase() === SECRET_HEADERS[0] ||
      (name.toLowerCase() === SECRET_HEADERS[1] && /^bearer /i.test(value)),
  );
  if (secret) throw new TypeError(plainHttpProblem(to));
}

/** The error message for such an address. */
export function plainHttpProblem({ protocol, hostname }: Destination): string {
  return `credentials are not sent to ${protocol}//${hostname}, where others can read them; use https`;
}

/** Applies `refusePlainHttp` to every request of an SDK client: `client.middlewareStack.use(plainHttpGuard)`. */
export const plainHttpGuard = {
  applyToStack<Input extends object, Output extends object>(stack: MiddlewareStack<Input, Output>): void {
    stack.add(
      (next) => (args) => {
        if (isRequest(args.request)) refusePlainHttp(args.request, args.request.headers);
        return next(args);
      },
      // Runs after the request is signed, for every attempt.
      { step: 'finalizeRequest', priority: 'low', name: 'refusePlainHttp', override: true },
    );
  },
};

function isRequest(value: unknown): value is Destination & { headers: Record<string, string> } {
  return typeof value === 'object' && value !== null && 'protocol' in value && 'headers' in value;
}
