import { createHash, createHmac } from 'node:crypto';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { isPrivateTransport, plainHttpProblem } from '../../aws/plain-http.ts';

/** AWS credentials. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AuthorizeProps {
  /** AWS region of the signature. @default - the region in an execute-api host name, or else AWS_REGION */
  readonly region?: string;
  /**
   * Credentials for the signature. A function is called for every request. `false` sends requests without a signature. With credentials,
   * the URL must use https or an address of this machine.
   *
   * @default - `false` for an address of this machine, or else the credentials that the AWS SDK finds
   */
  readonly credentials?: false | Credentials | (() => Promise<Credentials>);
  /** Returns a token; called before every request. For an API that accepts JWT bearer tokens instead of IAM principals. @default - requests are signed with SigV4 */
  readonly bearerToken?: () => string | Promise<string>;
}

/** A request to the API before it is signed. */
export interface UnsignedRequest {
  /** @default POST */
  readonly method?: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Returns all headers of a request: its own, and those that authenticate the caller. */
export type Authorize = (request: UnsignedRequest) => Promise<Readonly<Record<string, string>>>;

const EXECUTE_API = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Creates the function that authenticates requests to this URL. It never sends a token or a signature over plain HTTP to another
 * machine.
 *
 * @throws TypeError when the region of the signature is not known, or when the URL is plain HTTP to another machine
 */
export function createAuthorize(url: URL, props: AuthorizeProps): Authorize {
  const { bearerToken, credentials = LOOPBACK.test(url.hostname) ? false : defaultProvider() } = props;
  if ((bearerToken || credentials !== false) && !isPrivateTransport(url)) {
    throw new TypeError(`${plainHttpProblem(url)}, or send no credentials (credentials: false)`);
  }
  if (bearerToken) {
    return async ({ headers }) => ({ ...headers, authorization: `Bearer ${await bearerToken()}` });
  }
  if (credentials === false) return async ({ headers }) => headers;
  const region = props.region ?? EXECUTE_API.exec(url.hostname)?.[1] ?? process.env.AWS_REGION;
  if (!region) {
    throw new TypeError(
      `the region of ${url.hostname} is not known; set the option region or the variable AWS_REGION`,
    );
  }
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  return (request) => sign(signer, request);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
async function sign(
  signer: SignatureV4,
  { method = 'POST', url, headers, body }: UnsignedRequest,
): Promise<Readonly<Record<string, string>>> {
  const signed = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...headers, host: url.host },
    body,
  });
  // `fetch` sets the header `host` itself and does not accept it from the caller.
  const { host: _, ...rest } = signed.headers;
  return rest;
}

/** SHA-256, or HMAC-SHA-256 when there is a key, with the interface that the signer needs. */
class Sha256 {
  readonly #hash;

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
