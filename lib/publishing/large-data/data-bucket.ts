import { backoffMilliseconds } from '../../aws/backoff.ts';
import type { Clock } from '../../aws/clock.ts';
import { refusePlainHttp } from '../../aws/plain-http.ts';
import { readLimited } from '../../aws/read-limited.ts';
import { type SigningContext, signedHeaders } from '../../aws/signature.ts';
import { isTransientStatus } from '../../aws/transient.ts';

/** Thrown when an object has more bytes than expected: somebody has replaced it. */
export class ObjectTooLargeError extends Error {
  override readonly name = 'ObjectTooLargeError';
}

/** The bucket for data that is too large for a message. */
export interface DataBucket {
  readonly name: string;
  /** Writes an object: a text, or bytes as they are. @throws Error when S3 still does not accept it after the last attempt */
  put(key: string, content: string | Uint8Array<ArrayBuffer>, options?: WriteOptions): Promise<void>;
  /**
   * Reads an object; undefined when it does not exist.
   *
   * @throws ObjectTooLargeError when it has more than `maxBytes`
   * @throws Error when S3 still does not answer after the last attempt, or does not allow this function to read it
   */
  get(key: string, options: ReadOptions): Promise<string | undefined>;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Maximum number of requests. @default 4 */
  readonly tries?: number | undefined;
}

export interface WriteOptions extends RequestOptions {
  /**
   * @default - S3 Standard
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
   */
  readonly storageClass?: 'INTELLIGENT_TIERING' | undefined;
}

export interface ReadOptions extends RequestOptions {
  readonly maxBytes: number;
}

export interface DataBucketProps {
  readonly name: string;
  readonly region: string;
  /** Called for every request, because credentials expire. */
  readonly credentials: () => Promise<SigningContext['credentials']>;
  /** Endpoint of S3, with path-style addresses. @default - the region's normal endpoint */
  readonly endpoint?: string | undefined;
  readonly clock: Clock;
  readonly random: () => number;
}

/** @see https://docs.aws.amazon.com/general/latest/gr/s3.html */
const ELSEWHERE = 'amazonaws.com';
const CHINA = 'amazonaws.com.cn';
const MAX_TRIES = 4;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** Some megabytes within a region take only a fraction of this time. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Creates a client that reads and writes objects with plain signed requests. The SDK's S3 client is its largest one and would make
 * every cold start slower, although only few events need the bucket.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function createDataBucket(props: DataBucketProps): DataBucket {
  return {
    name: props.name,
    put: async (key, content, options) => {
      const answer = await send(props, { method: 'PUT', key, body: content, ...options });
      if (!answer.ok) throw await refusal(answer, `s3://${props.name}/${key}`);
    },
    get: async (key, { maxBytes, ...options }) => {
      const answer = await send(props, { method: 'GET', key, body: '', ...options });
      const where = `s3://${props.name}/${key}`;
      if (answer.status === 404) return undefined;
      if (answer.status === 403 && (await isGone(props, key, options))) return undefined;
      if (!answer.ok) throw await refusal(answer, where);
      const bytes = await readLimited(answer, maxBytes);
      if (bytes) return bytes.toString();
      throw new ObjectTooLargeError(
        `the object at ${where} was replaced: it has more than ${maxBytes} bytes`,
      );
    },
  };
}

/**
 * Whether the object does not exist. A function may not list the bucket, so S3 answers 403 for an object that has expired. But the
 * function may list one whole key.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
async function isGone(props: DataBucketProps, key: string, options: RequestOptions): Promise<boolean> {
  const query = `list-type=2&max-keys=1&prefix=${encodeURIComponent(key)}`;
  const answer = await send(props, { method: 'GET', key: '', query, body: '', ...options });
  const text = await answer.text();
  return answer.ok && text.includes('<KeyCount>0</KeyCount>');
}

interface ObjectRequest extends WriteOptions {
  readonly method: 'GET' | 'PUT';
  /** Key of the object; empty for the bucket itself. */
  readonly key: string;
  /** Sorted and percent-encoded, as the signature needs it. */
  readonly query?: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

async function send(props: DataBucketProps, request: ObjectRequest): Promise<Response> {
  const { clock, random } = props;
  const { tries = MAX_TRIES } = request;
  const url = urlOf(props, request);
  for (let attempt = 1; ; attempt++) {
    const answer = await sendOnce(props, url, request).catch((error: unknown) => {
      // The caller's signal stops the attempts. A broken connection is retried until the last attempt.
      if (attempt === tries || request.signal?.aborted) throw error;
    });
    if (answer && (attempt === tries || !isTransientStatus(answer.status))) return answer;
    await answer?.body?.cancel();
    await clock.sleep(
      backoffMilliseconds(attempt, { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS, random }),
    );
  }
}

/** @throws RangeError for a key that a URL would change: it removes dot segments and replaces backslashes */
function urlOf({ name, region, endpoint }: DataBucketProps, { key, query = '' }: ObjectRequest): URL {
  const domain = region.startsWith('cn-') ? CHINA : ELSEWHERE;
  const root = new URL(
    endpoint === undefined ? `https://${name}.s3.${region}.${domain}` : `${endpoint}/${name}`,
  );
  // The only character of a key here that a signature has encoded, and a URL does not.
  const path = `${root.pathname.replace(/\/$/, '')}/${key.replaceAll('=', '%3D')}`;
  const url = new URL(path, root);
  if (url.pathname !== path)
    throw new RangeError(`'${key}' cannot be a key of this bucket, because a URL would change it`);
  url.search = query;
  return url;
}

async function sendOnce(
  { region, credentials, clock }: DataBucketProps,
  url: URL,
  { method, query = '', body, signal, storageClass }: ObjectRequest,
): Promise<Response> {
  const { host: _, ...headers } = signedHeaders(
    {
      method,
      host: url.host,
      path: url.pathname,
      query,
      headers: storageClass === undefined ? {} : { 'x-amz-storage-class': storageClass },
      body,
    },
    { service: 's3', region, credentials: await credentials(), now: clock.now() },
  );
  refusePlainHttp(url, headers);
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  return fetch(url, {
    method,
    headers,
    ...(method === 'PUT' && { body }),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    redirect: 'error',
  });
}

async function refusal(answer: Response, what: string): Promise<Error> {
  const code = /<Code>([^<]+)<\/Code>/.exec(await answer.text())?.[1] ?? 'no code';
  return new Error(`S3 answers ${answer.status} (${code}) for ${what}`);
}
