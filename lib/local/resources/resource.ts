import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { AlarmBoard } from '../alarms.ts';
import type { MappingConfiguration } from '../event-source-mapping.ts';
import type { FunctionConfiguration, LocalFunction } from '../functions/local-function.ts';
import type { LocalHttpApi } from '../http-api.ts';

/** What CloudFormation would know of a resource once it exists. */
export interface Created {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where resources are created. */
export interface Machine {
  readonly region: string;
  readonly account: string;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly dynamodb: DynamoDBClient;
  readonly alarms: AlarmBoard;
  readonly api: LocalHttpApi;
  readonly apiUrl: string;
  /** SNS, SQS, S3 and SES. */
  readonly awsEndpoint: string;
  /** Functions by ARN. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** Variables that every function gets: credentials and the SDK's endpoints. */
  readonly environment: Readonly<Record<string, string>>;
  putFunction(configuration: FunctionConfiguration): Promise<void>;
  putMapping(name: string, configuration: MappingConfiguration, functionArn: string): void;
  removeMapping(name: string): void;
  /** Tells whoever runs this what is different here; the same line once. */
  note(line: string): void;
}

/** A resource that is being created. */
export interface ResourceRequest {
  readonly stackName: string;
  readonly logicalId: string;
  /** A name that is the same over restarts, and unlike any other's. */
  readonly name: string;
  /** With every intrinsic function resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Folder of a file asset, by the key that the template names it with. */
  asset(objectKey: string): string;
}

/** Creates a resource of one type, or brings an existing one up to date. */
export type CreateResource = (request: ResourceRequest, machine: Machine) => Promise<Created> | Created;
