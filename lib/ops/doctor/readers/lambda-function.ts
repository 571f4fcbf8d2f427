import {
  type FunctionConfiguration,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionRecursionConfigCommand,
} from '@aws-sdk/client-lambda';
import { FUNCTION_DEFAULTS } from '../../aws-limits.ts';
import type { Properties, ResourceReader } from './reader.ts';

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const DEFAULTS = {
  ...FUNCTION_DEFAULTS,
  Architectures: ['x86_64'],
  DeadLetterConfig: undefined,
  Description: undefined,
  Environment: undefined,
  EphemeralStorage: { Size: 512 },
  KmsKeyArn: undefined,
  Layers: undefined,
  PackageType: 'Zip',
  RecursiveLoop: 'Terminate',
  ReservedConcurrentExecutions: undefined,
  TracingConfig: { Mode: 'PassThrough' },
  VpcConfig: undefined,
};

/** AWS::Lambda::Function */
export const lambdaFunction: ResourceReader = {
  type: 'AWS::Lambda::Function',
  defaults: ({ LoggingConfig }) => ({ ...DEFAULTS, LoggingConfig: withLevels(Object(LoggingConfig)) }),
  uncompared: {
    Code: 'Lambda returns only the hash of the zip file, which is not in the template',
    Tags: 'tags of the stack are compared',
  },
  secret: ['Environment.Variables.'],
  read: async ({ lambda }, { physicalId: FunctionName }) => {
    const client = await lambda();
    const [configuration, { ReservedConcurrentExecutions }, { RecursiveLoop }] = await Promise.all([
      client.send(new GetFunctionConfigurationCommand({ FunctionName })),
      client.send(new GetFunctionConcurrencyCommand({ FunctionName })),
      client.send(new GetFunctionRecursionConfigCommand({ FunctionName })),
    ]);
    return { ...describe(configuration), ReservedConcurrentExecutions, RecursiveLoop };
  },
};

function describe(configuration: FunctionConfiguration): Properties {
  const { FunctionName, Runtime, Role, Handler, Description, Timeout, MemorySize } = configuration;
  const { Environment, TracingConfig, Architectures, EphemeralStorage, PackageType } = configuration;
  const { KMSKeyArn: KmsKeyArn, DeadLetterConfig, LoggingConfig = {}, VpcConfig, Layers } = configuration;
  const { SubnetIds = [], SecurityGroupIds = [] } = VpcConfig ?? {};
  return {
    ...{ FunctionName, Runtime, Role, Handler, Description, Timeout, MemorySize, KmsKeyArn },
    ...{ TracingConfig, Architectures, EphemeralStorage, PackageType, DeadLetterConfig },
    Environment: Environment?.Variables && { Variables: Environment.Variables },
    Layers: Layers?.map(({ Arn }) => Arn),
    LoggingConfig: withLevels({ ...LoggingConfig }),
    VpcConfig: SubnetIds.length > 0 ? { SubnetIds, SecurityGroupIds } : undefined,
  };
}

/** Adds the default log levels, which exist only with JSON. */
function withLevels(logging: Properties): Properties {
  if (logging.LogFormat !== 'JSON') return { LogFormat: 'Text', ...logging };
  return { ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO', ...logging };
}
