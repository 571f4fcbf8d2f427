import { operationOf, type SdkClient, type SdkCommand } from './sdk.ts';

/** A command of `@aws-sdk/lib-dynamodb`: it wraps one of the DynamoDB client and translates what goes in and out. */
interface DocumentCommand extends SdkCommand {
  readonly clientCommand: SdkCommand;
  addMarshallingMiddleware(configuration: unknown): void;
}

type Handler = (args: { readonly input: object }) => Promise<{ output: object }>;
type Middleware = (next: Handler, context: object) => Handler;

export function isDocumentCommand(command: SdkCommand): command is DocumentCommand {
  return 'clientCommand' in command && 'addMarshallingMiddleware' in command;
}

/**
 * Calls DynamoDB for a command of the document client, with its own translation: the two middlewares that it adds to the
 * command are all that is run of the SDK.
 */
export async function callDocumentClient(
  command: DocumentCommand,
  configuration: SdkClient['config'],
  call: (operation: string, input: object) => Promise<object>,
): Promise<object> {
  const middlewares: Middleware[] = [];
  const middlewareStack = { addRelativeTo: (middleware: Middleware) => void middlewares.push(middleware) };
  const recorder = Object.create(command, { clientCommand: { value: { middlewareStack } } });
  Reflect.apply(command.addMarshallingMiddleware, recorder, [configuration]);
  const [marshall, unmarshall] = middlewares;
  if (!marshall || !unmarshall)
    throw new TypeError(
      'this version of @aws-sdk/lib-dynamodb translates its commands otherwise than the testing kit knows; use DynamoDBClient, or another version',
    );
  const last: Handler = async ({ input }) => ({
    output: await call(operationOf(command.clientCommand), input),
  });
  const { output } = await marshall(unmarshall(last, {}), {})({ input: command.input });
  return output;
}
