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
  memoryMegabytes,
} = workerData as WorkerSetup;
const port = parentPort;
if (!port) throw new Error('this module runs in a worker thread of the local runner');

/** In the order in which Lambda's Node.js runtime looks for them. */
const EXTENSIONS = ['.js', '.mjs', '.cjs'];

const [file = '', exported = ''] = splitHandler(handlerName);
const handler = await loadHandler();

port.on('message', ({ id, event, deadline }: InvocationRequest) => {
  void invoke(id, event, deadline).then((answer) => port.postMessage(answer));
});
port.postMessage('ready');

async function invoke(id: string, event: unknown, deadline: number): Promise<InvocationAnswer> {
  try {
    return { id, value: await handler(event, lambdaContext(id, deadline)) };
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
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function splitHandler(name: string): string[] {
  const dot = name.lastIndexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}
