import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { InvocationAnswer, InvocationRequest, WorkerSetup } from './protocol.ts';

/**
 * One execution environment: loads a function's bundle once and runs its handler for one invocation after another,
 * as Lambda's Node.js runtime does.
 */
// The parent makes this thread with exactly this setup.
const {
  directory,
  handler: handlerName,
  functionName,
  functionArn,
  logGroupName,
  memoryMegabytes,
} = workerData as WorkerSetup;
const port = parentPort;
if (!port) throw new Error('this module runs in a worker thread of the local runner');

/** In the order in which Lambda's Node.js runtime looks for them. */
const EXTENSIONS = ['.js', '.mjs', '.cjs'];
/**
 * What Lambda takes as an answer: 6 MB and a little.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_RESULT_BYTES = 6 * 1024 * 1024 + 100;

const [file = '', exported = ''] = splitHandler(handlerName);
const handler = await loadHandler();

port.on('message', (request: InvocationRequest) => {
  void invoke(request).then((answer) => port.postMessage(answer));
});
port.postMessage('ready');

async function invoke({ id, eventJson, deadline }: InvocationRequest): Promise<InvocationAnswer> {
  try {
    const result: unknown = await handler(JSON.parse(eventJson), lambdaContext(id, deadline));
    const resultJson = JSON.stringify(result) ?? 'null';
    if (Buffer.byteLength(resultJson) > MAX_RESULT_BYTES) {
      throw new Error(`the result is larger than Lambda takes: ${MAX_RESULT_BYTES} bytes`);
    }
    return { id, resultJson };
  } catch (error) {
    // What Lambda does with an error: it is the invocation's result.
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function loadHandler(): Promise<(event: unknown, context: object) => unknown> {
  const path = EXTENSIONS.map((extension) => `${directory}/${file}${extension}`).find((one) =>
    existsSync(one),
  );
  if (path === undefined) throw new Error(`the bundle of ${functionName} has no ${file}.js, .mjs or .cjs`);
  const module: { readonly default?: Record<string, unknown> } & Record<string, unknown> = await import(
    pathToFileURL(path).href
  );
  const found = module[exported] ?? module.default?.[exported];
  if (typeof found !== 'function') throw new Error(`${path} exports no function '${exported}'`);
  return (event, context) => found(event, context);
}

function lambdaContext(awsRequestId: string, deadline: number): object {
  return {
    awsRequestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memoryMegabytes),
    logGroupName,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function splitHandler(name: string): string[] {
  const dot = name.lastIndexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}
