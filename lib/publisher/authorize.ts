import { createHash, createHmac } from 'node:crypto';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { isPrivateTransport, plainHttpProblem } from '../runtime/plain-http.ts';

/** Credentials of AWS. Those that come from a function are asked for again with every request. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AuthorizeProps {
  /** Of the signature. @default - that of an execute-api host name, else AWS_REGION */
  readonly region?: string;
  /** `false` signs nothing; anything else needs https, or an address of this machine. @default - none for an address of this machine, else what the AWS SDK finds */
  readonly credentials?: false | Credentials | (() => Promise<Credentials>);
  /** Asked before every request for a token, for an API that is open to bearers instead of IAM principals. @default - signed by SigV4 */
  readonly bearerToken?: () => string | Promise<string>;
}

/** A request to the publish API, but for who sends it. */
export interface UnsignedRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Returns all headers of a request: its own and those that say who sends it. */
export type Authorize = (request: UnsignedRequest) => Promise<Readonly<Record<string, string>>>;

const EXECUTE_API = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * How requests to this URL say who sends them. Neither a token nor a signature goes to plain http beyond this machine.
 *
 * @throws TypeError when the region to sign for is not known, or others could read the credentials on their way
 */
export function createAuthorize(url: URL, props: AuthorizeProps): Authorize {
  const { bearerToken, credentials = LOOPBACK.test(url.hostname) ? false : defaultProvider() } = props;
  if ((bearerToken || credentials !== false) && !isPrivateTransport(url)) {
    throw new TypeError(`${plainHttpProblem(url)}, or send none (credentials: false)`);
  }
  if (bearerToken) {
    return async ({ headers }) => ({ ...headers, authorization: `Bearer ${await bearerToken()}` });
  }
  if (credentials === false) return async ({ headers }) => headers;
  const region = props.region ?? EXECUTE_API.exec(url.hostname)?.[1] ?? process.env.AWS_REGION;
  if (!region) {
    throw new TypeError(`the region of ${url.hostname} is not known; name it (region, or AWS_REGION)`);
  }
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  return (request) => sign(signer, request);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
async function sign(
  signer: SignatureV4,
  { url, headers, body }: UnsignedRequest,
): Promise<Readonly<Record<string, string>>> {
  const signed = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...headers, host: url.host },
    body,
  });
  // fetch sets the same host itself, and takes it from nobody.
  const { host: _, ...rest } = signed.headers;
  return rest;
}

/** SHA-256, and HMAC with a key, in the shape that the signer takes. */
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
