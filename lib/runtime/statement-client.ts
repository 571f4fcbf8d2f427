import {
  BatchExecuteStatementCommand,
  type BatchExecuteStatementCommandInput,
  type BatchExecuteStatementCommandOutput,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { createRequestHandler } from './request-handler.ts';
import { signedHeaders } from './signature.ts';

const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'DynamoDB_20120810.BatchExecuteStatement',
};

/**
 * A DynamoDB client that sends batches of PartiQL statements by hand at first, which takes a third of the SDK's time: every
 * event goes through two of them. Whatever is not answered with 200 is left to the SDK, as is every other command: it
 * sends it again, retries, and knows the errors. Sending a batch twice is safe, as it is when the SDK does it: the
 * runtime recognises its own claims and settlements.
 *
 * The statements must have no binary parameters.
 */
export function createStatementClient(): Pick<DynamoDBClient, 'send'> {
  const handler = createRequestHandler();
  const sdk = new DynamoDBClient({ cacheMiddleware: true, requestHandler: handler });
  const post = createPost(sdk, handler);
  // `send` is overloaded; this one takes what the SDK's takes and answers what the SDK's answers.
  const send = async (command: unknown, ...rest: readonly unknown[]): Promise<unknown> => {
    if (command instanceof BatchExecuteStatementCommand) {
      const answer = await post(command.input);
      if (answer) return answer;
    }
    return Reflect.apply(sdk.send, sdk, [command, ...rest]);
  };
  return { send: send as DynamoDBClient['send'] };
}

type Post = (
  input: BatchExecuteStatementCommandInput,
) => Promise<BatchExecuteStatementCommandOutput | undefined>;

function createPost(sdk: DynamoDBClient, handler: ReturnType<typeof createRequestHandler>): Post {
  let endpoint: URL | undefined;
  return async (input) => {
    endpoint ??= await endpointOf(sdk);
    const { hostname, host, port, protocol } = endpoint;
    const path = endpoint.pathname.replace(/\/?$/, '/');
    const body = JSON.stringify(input);
    const headers = signedHeaders(
      { method: 'POST', host, path, headers: HEADERS, body },
      {
        service: 'dynamodb',
        region: await sdk.config.region(),
        credentials: await sdk.config.credentials(),
        now: Date.now() + sdk.config.systemClockOffset,
      },
    );
    headers['content-length'] = String(Buffer.byteLength(body));
    try {
      const { response } = await handler.handle({
        method: 'POST',
        protocol,
        hostname,
        ...(port !== '' && { port: Number(port) }),
        path,
        headers,
        body,
      });
      if (response.statusCode !== 200) return undefined;
      return { ...JSON.parse(String(response.body)), $metadata: { httpStatusCode: 200 } };
    } catch {
      // No answer, or none that can be read: the SDK tries again, and its error is the one that counts.
      return undefined;
    }
  };
}

/** Where the SDK would send it: the variable that Lambda, or this machine's runner, sets, or the region's endpoint. */
async function endpointOf({ config }: DynamoDBClient): Promise<URL> {
  const given = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? process.env.AWS_ENDPOINT_URL;
  if (given !== undefined) return new URL(given);
  const { url } = config.endpointProvider({
    Region: await config.region(),
    UseFIPS: await config.useFipsEndpoint(),
    UseDualStack: await config.useDualstackEndpoint(),
  });
  return url;
}
