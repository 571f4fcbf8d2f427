import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { MappingConfiguration } from '../event-sources/event-source-mapping.ts';
import type { FunctionConfiguration } from '../functions/function-configuration.ts';
import type { LocalFunction } from '../functions/local-function.ts';
import type { LocalHttpApi } from '../http/http-api.ts';
import type { AlarmStates } from '../monitoring/alarms.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';

/** A created resource, as other resources refer to it. */
export interface Created {
  /** Value of `Ref`. */
  readonly physicalId: string;
  /** Values of `Fn::GetAtt`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The local runner, as it creates and changes resources: clients of the engines, and functions, mappings and alarms. */
export interface Machine {
  readonly region: string;
  readonly account: string;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly dynamodb: DynamoDBClient;
  readonly alarms: AlarmStates;
  readonly scheduler: Scheduler;
  /** Values of Systems Manager's parameters, by name. */
  readonly parameters: Map<string, string>;
  /** Custom resources that their functions have created, by unique name. */
  readonly customResources: Map<string, Created>;
  /** The current properties of every resource. */
  readonly described: Described;
  readonly api: LocalHttpApi;
  readonly apiUrl: string;
  /** URL of SNS, SQS, S3 and SES. */
  readonly awsEndpoint: string;
  /** Functions by ARN. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** Environment variables of every function: credentials and the endpoints of the SDK. */
  readonly environment: Readonly<Record<string, string>>;
  putFunction(configuration: FunctionConfiguration): Promise<void>;
  putMapping(name: string, configuration: MappingConfiguration, functionArn: string): void;
  removeMapping(name: string): void;
  /** Lets every mapping poll that does not yet. */
  startMappings(): void;
  /** Writes a difference from AWS to the terminal. The same line is written once. */
  note(line: string): void;
}

/** A resource that is being created. */
export interface ResourceRequest {
  readonly stackName: string;
  readonly logicalId: string;
  /** A unique name, the same after every restart. */
  readonly name: string;
  /** With every intrinsic function resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Folder of a file asset, by its S3 key in the template. */
  asset(objectKey: string): string;
}

/** A resource with its current properties: those of its template, or of a later request that changed it. */
export interface DescribedResource {
  /** Such as `AWS::Lambda::Function`. */
  readonly type: string;
  readonly request: ResourceRequest;
  readonly create: CreateResource;
}

/** The current properties of every resource, by physical id. */
export interface Described {
  put(physicalId: string, described: DescribedResource): void;
  /** The properties of all resources of one type, by physical id. */
  ofType(type: string): ReadonlyMap<string, ResourceRequest['properties']>;
  /** Changes properties of a resource. @returns its properties; undefined when there is no resource with this id */
  change(
    physicalId: string,
    changed: Readonly<Record<string, unknown>>,
    machine: Machine,
  ): Promise<ResourceRequest['properties'] | undefined>;
  remove(physicalId: string): void;
}

/** Creates a resource of one type. If it exists, it is updated. */
export type CreateResource = (request: ResourceRequest, machine: Machine) => Promise<Created> | Created;
