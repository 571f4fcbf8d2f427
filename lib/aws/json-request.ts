import type { Clock } from './clock.ts';
import { refusePlainHttp } from './plain-http.ts';
import { endpointOf } from './service-endpoint.ts';
import { type SigningContext, signedHeaders } from './signature.ts';
import { isTransientCode, isTransientStatus } from './transient.ts';

/** One operation of a service that speaks AWS JSON. */
export interface JsonOperation {
  /** Name in signatures and host names, such as `secretsmanager`. */
  readonly service: string;
  /** Name in the variable of its endpoint: `SECRETS_MANAGER` in `AWS_ENDPOINT_URL_SECRETS_MANAGER`. */
  readonly variable: string;
  /** Value of the header `X-Amz-Target`. */
  readonly target: string;
  /** Version of AWS JSON that the service speaks. @default 1.1 */
  readonly version?: '1.0';
}

/** Who calls an operation, and where. */
export interface JsonCaller {
  readonly region: string;
  /** Asked for every request, since they expire. */
  readonly credentials: () => Promise<SigningContext['credentials']>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Why a service has refused a request. */
export interface JsonRefusal {
  /** Empty when the answer has none. */
  readonly code: string;
  /** Status, code and message. */
  readonly reason: string;
  /** Whether the same request may succeed when it is sent again. */
  readonly isTransient: boolean;
}

/** The text of an answer with status 200, or why there is none. */
export type JsonAnswer = { readonly text: string } | { readonly refusal: JsonRefusal };

const REQUEST_TIMEOUT_MS = 5_000;

/**
 * Calls an operation by one plain signed request. One operation needs no SDK client, which would cost the cold start of every function.
 *
 * @param signal ends the request earlier than the time limit of 5 seconds
 * @throws Error when there is no answer
 */
export async function requestJson(
  { service, variable, target, version }: JsonOperation,
  input: object,
  { region, credentials, environment, clock }: JsonCaller,
  signal?: AbortSignal,
): Promise<JsonAnswer> {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const url = new URL(endpointOf(environment, variable) ?? `https://${service}.${region}.${domain}`);
  const body = JSON.stringify(input);
  const { host: _, ...headers } = signedHeaders(
    {
      method: 'POST',
      host: url.host,
      path: url.pathname,
      headers: { 'content-type': `application/x-amz-json-${version ?? '1.1'}`, 'x-amz-target': target },
      body,
    },
    { service, region, credentials: await credentials(), now: clock.now() },
  );
  refusePlainHttp(url, headers);
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    redirect: 'error',
  });
  const text = await response.text();
  return response.ok ? { text } : { refusal: readRefusal(response.status, text) };
}

/** A proxy may answer with a page instead of JSON. Then only the status is known. */
function readRefusal(status: number, text: string): JsonRefusal {
  const { __type = '', message, Message = message } = parseObject<RefusalBody>(text) ?? {};
  const code = __type.split('#').at(-1) ?? '';
  return {
    code,
    reason: `${status} ${code}${Message === undefined ? '' : `: ${Message}`}`,
    isTransient: isTransientStatus(status) || isTransientCode(code),
  };
}

interface RefusalBody {
  readonly __type?: string;
  readonly message?: string;
  readonly Message?: string;
}

/** Undefined when it is not JSON. The error of JSON.parse quotes the text, and the text may hold the secret. */
export function parseObject<Body extends object>(text: string): Partial<Body> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    // The caller reports the failure without the text.
    return undefined;
  }
}
