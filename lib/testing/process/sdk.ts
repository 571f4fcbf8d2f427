/** An AWS SDK client, as far as it is read here. */
export interface SdkClient {
  readonly config: { readonly serviceId?: string };
}

/** A command of the SDK: an object that carries its input. */
export interface SdkCommand {
  readonly input: object;
}

/** `PutItem` of a PutItemCommand. */
export function operationOf(command: object): string {
  return command.constructor.name.replace(/Command$/, '');
}
