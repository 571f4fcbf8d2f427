import type { MiddlewareStack } from '@smithy/types';

const REQUEST = Symbol('request');

/** Inputs that name the resource of a request, and the kind of the resource. */
const SUBJECTS: readonly (readonly [string, string])[] = [
  ['QueueUrl', 'queue'],
  ['SourceArn', 'queue'],
  ['SubscriptionArn', 'subscription'],
  ['TopicArn', 'topic'],
  ['TableName', 'table'],
  ['FunctionName', 'function'],
  ['StackName', 'stack'],
  ['Bucket', 'bucket'],
];

/**
 * Adds the request to an error, because messages of AWS do not name the resource ("The specified queue does not exist"):
 * `client.middlewareStack.use(noteRequest)`. The error is otherwise unchanged; {@link requestOf} reads the request.
 */
export const noteRequest = {
  applyToStack<Input extends object, Output extends object>(stack: MiddlewareStack<Input, Output>): void {
    stack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          try {
            return await next(args);
          } catch (error) {
            if (error instanceof Error)
              Object.defineProperty(error, REQUEST, {
                value: describe(commandName, args.input),
                configurable: true,
              });
            throw error;
          }
        },
      // This step is around all attempts of one request.
      { step: 'initialize', priority: 'high', name: 'noteRequest', override: true },
    );
  },
};

/** `GetQueueAttributes of queue shop-dev-Email-...`; undefined when the error is not of an AWS client. */
export function requestOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !(REQUEST in error)) return undefined;
  return String(error[REQUEST]);
}

function describe(commandName: string, input: object): string {
  const operation = commandName.replace(/Command$/, '');
  const values = new Map<string, unknown>(Object.entries(input));
  for (const [key, kind] of SUBJECTS) {
    const value = values.get(key);
    if (typeof value === 'string') return `${operation} of ${kind} ${nameIn(value)}`;
  }
  const tables = values.get('RequestItems');
  if (typeof tables === 'object' && tables !== null)
    return `${operation} of table ${Object.keys(tables).join(', ')}`;
  return operation;
}

/** The last part of a URL or an ARN; for the ARN of a subscription, the topic and the id. */
function nameIn(text: string): string {
  if (text.startsWith('http')) return text.slice(text.lastIndexOf('/') + 1);
  return text.startsWith('arn:') ? text.split(':').slice(5).join(':') : text;
}
