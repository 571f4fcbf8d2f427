import { fileURLToPath } from 'node:url';
import { type Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acceptRules } from './accepted-rules.ts';
import { bundleCode } from './bundle.ts';
import { ForgettingLogGroup } from './forgetting-log-group.ts';
import type { Stage } from './stage.ts';

const LAMBDAS = fileURLToPath(new URL('../../lambdas', import.meta.url));
const METRICS_NAMESPACE = 'Fanfare';

export interface BundledFunctionProps {
  /** Its folder under `lambdas/`; also its name in logs, metrics and traces. */
  readonly name: string;
  /** Path of the file that exports `handler`. @default - lambdas/<name>/handler.ts */
  readonly entry?: string | undefined;
  readonly description: string;
  readonly stage: Stage;
  /** Encrypts the log. @default - the keys of CloudWatch itself */
  readonly logKey?: IKey | undefined;
  readonly timeout: Duration;
  /** MiB, 128 to 10,240; CPU grows with it. */
  readonly memorySize: number;
  /** Invocations at once that are reserved for it, and the most that it gets. @default - it shares those of the account */
  readonly reservedConcurrentExecutions?: number | undefined;
  /** Variables of its own, beside those that every function has. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The one way a function is made here: bundled, Node 24 on arm64, JSON logs in a log group that forgets, traced by
 * X-Ray. Its role may write these logs and traces; whatever else it may do is granted by who creates it.
 */
export class BundledFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    const { name, entry = `${LAMBDAS}/${name}/handler.ts`, stage, logKey, ...rest } = props;
    const logGroup = new ForgettingLogGroup(scope, `${id}LogGroup`, { stage, key: logKey });
    super(scope, id, {
      ...rest,
      code: bundleCode(entry),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      role: new FunctionRole(scope, `${id}Role`, logGroup),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      environment: {
        POWERTOOLS_SERVICE_NAME: name,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...rest.environment,
      },
    });
    acceptRules(this, 'LambdaDLQ', 'LambdaInsideVPC');
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
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'xray:PutTraceSegments and xray:PutTelemetryRecords have no resource to name: ' +
        'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html',
    });
  }
}
