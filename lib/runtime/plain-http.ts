import type { MiddlewareStack } from '@smithy/types';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;
/** What whoever listens on the way could use as its own. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
const SECRET_HEADERS = ['x-amz-security-token', 'authorization'] as const;

/** A request as `fetch` and the SDK's clients know it. */
export interface Destination {
  readonly protocol: string;
  readonly hostname: string;
}

/** Whether nobody can listen on the way: it is https, or does not leave this machine. */
export function isPrivateTransport({ protocol, hostname }: Destination): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

/**
 * Refuses to send session credentials or a bearer's token where others can listen. A signature with long-lived keys may go: it holds
 * no secret, and emulators of AWS in a network of containers are spoken to so.
 *
 * @throws TypeError naming the host; nothing has been sent
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

/** What is said to whoever has named such an address. */
export function plainHttpProblem({ protocol, hostname }: Destination): string {
  return `credentials are not sent to ${protocol}//${hostname}, where others can read them; use https`;
}

/** The same for an SDK client, whatever endpoint it is configured for: `client.middlewareStack.use(plainHttpGuard)`. */
export const plainHttpGuard = {
  applyToStack<Input extends object, Output extends object>(stack: MiddlewareStack<Input, Output>): void {
    stack.add(
      (next) => (args) => {
        if (isRequest(args.request)) refusePlainHttp(args.request, args.request.headers);
        return next(args);
      },
      // After the request is signed, for every attempt.
      { step: 'finalizeRequest', priority: 'low', name: 'refusePlainHttp', override: true },
    );
  },
};

function isRequest(value: unknown): value is Destination & { headers: Record<string, string> } {
  return typeof value === 'object' && value !== null && 'protocol' in value && 'headers' in value;
}
