import { createHash, createHmac } from 'node:crypto';

/** Service, region, credentials and time of a signature. */
export interface SigningContext {
  readonly service: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string | undefined;
  };
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A request to be signed. */
export interface SignableRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly host: string;
  /** Every character but letters, digits and `-._~/` percent-encoded. */
  readonly path: string;
  /** Sorted by name, names and values percent-encoded. @default - none */
  readonly query?: string;
  /** Header names in lower case. `host` and the headers of the signature are added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** The signing key of the last day, region and service. The cache saves four HMACs per request. */
let cached: { readonly scope: string; readonly secret: string; readonly key: Buffer } | undefined;

/**
 * The headers of a request, signed with Signature Version 4.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedHeaders(
  { method, host, path, query = '', headers, body }: SignableRequest,
  { service, region, credentials, now }: SigningContext,
): Record<string, string> {
  const timestamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const scope = `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request`;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const payloadHash = sha256(body);
  const signed: Record<string, string> = {
    ...headers,
    host,
    'x-amz-date': timestamp,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    // Only S3 requires the hash of the body in a header.
    ...(service === 's3' && { 'x-amz-content-sha256': payloadHash }),
  };
  const names = Object.keys(signed).sort();
  const canonicalHeaders = names.map((name) => `${name}:${signed[name]?.trim()}\n`).join('');
  const canonicalRequest = `${method}\n${path}\n${query}\n${canonicalHeaders}\n${names.join(';')}\n${payloadHash}`;
  const toSign = `${ALGORITHM}\n${timestamp}\n${scope}\n${sha256(canonicalRequest)}`;
  const signature = hmac(signingKey(scope, secretAccessKey), toSign).toString('hex');
  signed.authorization = `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return signed;
}

function signingKey(scope: string, secret: string): Buffer {
  if (cached?.scope === scope && cached.secret === secret) return cached.key;
  const key = scope.split('/').reduce<Buffer>((last, part) => hmac(last, part), Buffer.from(`AWS4${secret}`));
  cached = { scope, secret, key };
  return key;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** The SHA-256 hash of a text or of bytes, in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
