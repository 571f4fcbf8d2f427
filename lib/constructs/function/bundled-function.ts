import { join } from 'node:path';
import { type Duration, Validations } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  type ILayerVersion,
  Function as LambdaFunction,
  LoggingFormat,
  type RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { findProject } from '../../project/find-project.ts';
import { acceptRules } from '../accepted-rules.ts';
import type { Stage } from '../stage.ts';
import { bundleCode } from './bundle-code.ts';
import { ForgettingLogGroup } from './forgetting-log-group.ts';

/** Where a function runs and what it brings along, in the CDK's own terms. */
export interface FunctionPlacement {
  /**
   * The network that the function runs in. From there it must reach SQS, SNS, DynamoDB, S3 and the services of its secrets: through a NAT
   * gateway or VPC endpoints.
   *
   * @default - none: the function reaches AWS and the internet, and nothing in a network of the account
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   */
  readonly vpc?: IVpc | undefined;
  /** Subnets of the network. @default - its private ones */
  readonly vpcSubnets?: SubnetSelection | undefined;
  /** Security groups of the function. @default - a new one that lets everything out and nothing in */
  readonly securityGroups?: ISecurityGroup[] | undefined;
  /**
   * Layers under `/opt`, such as an extension. The local runner leaves them out.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
   */
  readonly layers?: ILayerVersion[] | undefined;
}

export interface BundledFunctionProps extends FunctionPlacement {
  /** Its folder under `lambdas/`; also its name in logs, metrics and traces. */
  readonly name: string;
  /** Path of the file that exports `handler`. @default - lambdas/<name>/handler.ts */
  readonly entry?: string | undefined;
  readonly description: string;
  readonly stage: Stage;
  /** Whether X-Ray traces it. */
  readonly xray: boolean;
  /** Encrypts the log. @default - the keys of CloudWatch itself */
  readonly logKey?: IKey | undefined;
  /** How long its log is kept. @default - as long as the stage says */
  readonly logRetention?: RetentionDays | undefined;
  /** @default Architecture.ARM_64 */
  readonly architecture?: Architecture;
  readonly timeout: Duration;
  /** MiB, 128 to 10,240; CPU grows with it. */
  readonly memorySize: number;
  /** Invocations at once that are reserved for it, and the most that it gets. @default - it shares those of the account */
  readonly reservedConcurrentExecutions?: number | undefined;
  /** Gets the events of asynchronous invocations that have failed three times. @default - none: it is not invoked asynchronously */
  readonly deadLetterQueue?: IQueue | undefined;
  /**
   * Whether Lambda lets it feed its own queue without an end.
   *
   * @default - Lambda stops it after some 16 times
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
   */
  readonly recursiveLoop?: RecursiveLoop | undefined;
  /** Variables of its own, beside those that every function has. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * A function as all functions of a bus are: bundled, Node 24 on arm64, JSON logs in a log group with a retention. Its role may write these
 * logs, and traces if X-Ray is on; the construct that creates it grants everything else.
 */
export class BundledFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    const {
      name,
      entry = join(findProject().lambdas, name, 'handler.ts'),
      stage,
      xray,
      logKey,
      logRetention,
      architecture = Architecture.ARM_64,
      ...rest
    } = props;
    const logGroup = new ForgettingLogGroup(scope, `${id}LogGroup`, {
      stage,
      retention: logRetention,
      key: logKey,
    });
    const role = new FunctionRole(scope, `${id}Role`, logGroup);
    if (rest.vpc) joinNetworks(role);
    super(scope, id, {
      ...rest,
      code: bundleCode(scope, entry),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: xray ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: {
        POWERTOOLS_SERVICE_NAME: name,
        POWERTOOLS_METRICS_NAMESPACE: stage.metricsNamespace,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...rest.environment,
      },
    });
    if (!rest.deadLetterQueue) acceptRules(this, 'LambdaDLQ');
    if (!rest.vpc) acceptRules(this, 'LambdaInsideVPC');
    if (xray) acceptTraces(role);
    else acceptRules(this, 'LambdaTracing');
    if (props.reservedConcurrentExecutions === undefined) acceptRules(this, 'LambdaConcurrency');
  }
}

/** Instead of AWSLambdaBasicExecutionRole, which may write to every log group of the account. */
class FunctionRole extends Role {
  constructor(scope: Construct, id: string, logGroup: LogGroup) {
    super(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    acceptRules(this, 'IAMNoInlinePolicy');
  }
}

/**
 * Lambda makes the network interfaces of a function with the role of the function, and takes no narrower leave than this.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
function joinNetworks(role: Role): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }),
  );
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'Lambda itself asks for it on every resource, to make the network interfaces of a function in a VPC.',
  });
}

function acceptTraces(role: IConstruct): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'xray:PutTraceSegments and xray:PutTelemetryRecords have no resource to name: ' +
      'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html',
  });
}
