import { FUNCTION_DEFAULTS } from '../aws-limits.ts';
import type { CreateResource } from './resource.ts';

interface FunctionProperties {
  readonly FunctionName?: string;
  readonly Code?: { readonly S3Key?: string };
  readonly Handler?: string;
  readonly Runtime?: string;
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly LoggingConfig?: { readonly LogGroup?: string };
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
}

/** AWS::Lambda::Function of a Node.js runtime whose code is a file asset. */
export const createFunction: CreateResource = async (request, machine) => {
  const properties: FunctionProperties = request.properties;
  const { FunctionName: name = request.name, Runtime = '' } = properties;
  if (!Runtime.startsWith('nodejs')) {
    throw new Error(
      `function ${request.logicalId} has the runtime '${Runtime}'; the local runner runs Node.js functions only`,
    );
  }
  const S3Key = properties.Code?.S3Key;
  if (S3Key === undefined)
    throw new Error('its code is inline in the template; the local runner needs a file asset');
  const { Handler, Timeout, MemorySize } = { ...FUNCTION_DEFAULTS, ...properties };
  const arn = `arn:aws:lambda:${machine.region}:${machine.account}:function:${name}`;
  const logGroupName = properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
  await machine.putFunction({
    name,
    arn,
    codeHash: S3Key,
    directory: request.asset(S3Key),
    handler: Handler,
    timeoutSeconds: Timeout,
    memoryMegabytes: MemorySize,
    logGroupName,
    environment: {
      ...machine.environment,
      _HANDLER: Handler,
      AWS_EXECUTION_ENV: `AWS_Lambda_${Runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: logGroupName,
      AWS_LAMBDA_LOG_STREAM_NAME: 'local',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      ...properties.Environment?.Variables,
    },
  });
  return { physicalId: name, attributes: { Arn: arn } };
};
