import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { callDocumentClient, isDocumentCommand } from './document-client.ts';
import { currentScope } from './handler-scope.ts';
import { operationOf, type SdkClient, type SdkCommand } from './sdk.ts';

type Send = (this: SdkClient, command: SdkCommand, ...rest: readonly unknown[]) => unknown;

/**
 * Takes the calls of all AWS SDK v3 clients that share this installation's base class, whichever service and however they
 * were made. No request is built or signed: no region and no credentials are asked for.
 */
export function interceptAwsClients(): () => void {
  // `send` of every client is that of the one class above them.
  const base: { send: Send } = Object.getPrototypeOf(DynamoDBClient.prototype);
  const original = base.send;
  base.send = function send(command, ...rest) {
    const scope = currentScope();
    if (!scope) return Reflect.apply(original, this, [command, ...rest]);
    const [first] = rest;
    const callback = rest.find((one) => typeof one === 'function');
    const options = typeof first === 'object' && first !== null ? first : {};
    const call = (name: string, input: object): Promise<object> =>
      scope.callAws(this.config.serviceId ?? 'AWS', name, input, options);
    const answer = isDocumentCommand(command)
      ? callDocumentClient(command, this.config, call)
      : call(operationOf(command), command.input);
    if (typeof callback !== 'function') return answer;
    answer.then(
      (output) => callback(null, output),
      (error: unknown) => callback(error),
    );
    return undefined;
  };
  return () => {
    base.send = original;
  };
}
