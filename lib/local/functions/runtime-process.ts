import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { FromProcess, InvocationAnswer, InvocationRequest, ProcessSetup } from './protocol.ts';

/**
 * One execution environment: loads a function's bundle once and runs its handler for one invocation after another,
 * as Lambda's Node.js runtime does.
 */
const send = takeChannel();
// The parent starts this process with exactly this setup.
const {
  directory,
  handler: handlerName,
  functionName,
  functionArn,
  logGroupName,
  memoryMegabytes,
} = JSON.parse(process.argv.splice(2)[0] ?? '') as ProcessSetup;

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

process.on('message', (request: InvocationRequest) => {
  void invoke(request).then(send);
});
send({ ready: true });

/** Takes the way to the parent out of the handler's sight, which has none in Lambda, and ends this process with the parent. */
function takeChannel(): (message: FromProcess) => void {
  const sendToParent = process.send?.bind(process);
  if (!sendToParent) throw new Error('this module runs in a process that the local runner starts');
  Object.assign(process, { send: undefined, disconnect: undefined });
  process.on('disconnect', () => process.exit());
  // An error that nobody catches, or a rejection that nobody handles, ends the process, as in Lambda.
  process.on('uncaughtExceptionMonitor', (error) => void sendToParent({ crash: messageOf(error) }));
  return (message) => void sendToParent(message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

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
