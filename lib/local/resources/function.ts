import type { CreateResource } from './resource.ts';

interface FunctionProperties {
  readonly Code?: { readonly S3Key?: string };
  readonly Handler?: string;
  readonly Runtime?: string;
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
}

/** What Lambda gives a function when its template does not say. */
const DEFAULTS = { Timeout: 3, MemorySize: 128 } as const;

/** AWS::Lambda::Function of a Node.js runtime whose code is a file asset. */
export const createFunction: CreateResource = async ({ name, logicalId, properties, asset }, machine) => {
  const {
    Code,
    Handler = 'index.handler',
    Runtime = '',
    Environment,
    ...limits
  }: FunctionProperties = properties;
  if (!Runtime.startsWith('nodejs')) {
    throw new Error(
      `function ${logicalId} has the runtime '${Runtime}'; the local runner runs Node.js functions only`,
    );
  }
  const { Timeout, MemorySize } = { ...DEFAULTS, ...limits };
  const arn = `arn:aws:lambda:${machine.region}:${machine.account}:function:${name}`;
  await machine.putFunction({
    name,
    arn,
    codeHash: Code?.S3Key ?? '',
    directory: asset(Code?.S3Key ?? ''),
    handler: Handler,
    timeoutSeconds: Timeout,
    memoryMegabytes: MemorySize,
    environment: {
      ...machine.environment,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      ...Environment?.Variables,
    },
  });
  return { physicalId: name, attributes: { Arn: arn } };
};
