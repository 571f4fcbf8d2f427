import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { MAX_RESULT_BYTES } from '../aws-limits.ts';
import type { FromProcess, InvocationAnswer, InvocationRequest, ProcessSetup } from './protocol.ts';
import { makeDateVirtual } from './virtual-date.ts';

/**
 * The program of one execution environment. It loads the bundle of a function once, and runs its handler for one invocation after
 * another, as Lambda's Node.js runtime does.
 */
const NOTHING_PENDING =
  'the handler waits for a promise that nothing will settle: nothing else is pending, so Lambda ends the process';
const send = takeChannel();
const { setAhead, realNow } = makeDateVirtual();
// The parent process passes exactly this argument, so its shape is not checked.
const {
  directory,
  handler: handlerName,
  functionName,
  functionArn,
  logGroupName,
  memoryMegabytes,
} = JSON.parse(process.argv.splice(2)[0] ?? '') as ProcessSetup;

/** File extensions of a bundle, in the order in which Lambda's Node.js runtime looks for them. */
const EXTENSIONS = ['.js', '.mjs', '.cjs'];

const [file = '', exported = ''] = splitHandler(handlerName);
const handler = await loadHandler();

process.on('message', (request: InvocationRequest) => {
  // In Lambda nothing but the handler's own work keeps the process alive during an invocation.
  process.channel?.unref();
  void invoke(request).then((answer) => {
    process.channel?.ref();
    send(answer);
  });
});
send({ ready: true });

/**
 * Takes `process.send` for this module alone, because a handler in Lambda has no parent process. Also ends this process when the parent
 * ends.
 */
function takeChannel(): (message: FromProcess) => void {
  const sendToParent = process.send?.bind(process);
  if (!sendToParent) throw new Error('this module runs in a process that the local runner starts');
  Object.assign(process, { send: undefined, disconnect: undefined });
  process.on('disconnect', () => process.exit());
  // An error that nobody catches, or a rejection that nobody handles, ends the process, as in Lambda.
  process.on('uncaughtExceptionMonitor', (error) => void sendToParent({ crash: messageOf(error) }));
  // As in Lambda's runtime: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
  process.on('beforeExit', () => void sendToParent({ crash: NOTHING_PENDING }, () => process.exit()));
  return (message) => void sendToParent(message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function invoke({ id, eventJson, deadline, aheadMs }: InvocationRequest): Promise<InvocationAnswer> {
  setAhead(aheadMs);
  try {
    const result: unknown = await handler(JSON.parse(eventJson), lambdaContext(id, deadline));
    const resultJson = JSON.stringify(result) ?? 'null';
    if (Buffer.byteLength(resultJson) > MAX_RESULT_BYTES) {
      throw new Error(
        `the result is larger than the limit of Lambda, ${MAX_RESULT_BYTES} bytes; return less`,
      );
    }
    return { id, resultJson };
  } catch (error) {
    // As in Lambda, the error is the result of the invocation.
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
    getRemainingTimeInMillis: () => Math.max(0, deadline - realNow()),
  };
}

function splitHandler(name: string): string[] {
  const dot = name.lastIndexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}
