import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ForgettingLogGroup } from '../function/forgetting-log-group.ts';
import type { JwtSettings } from '../settings/read-jwt.ts';
import type { Settings } from '../settings.ts';

/** One JSON object per request: caller, status, duration, and the place of a failure. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTime(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    caller: AccessLogField.contextIdentityUserArn(),
    subject: '$context.authorizer.claims.sub',
    routeKey: '$context.routeKey',
    status: AccessLogField.contextStatus(),
    responseLength: AccessLogField.contextResponseLength(),
    latencyMilliseconds: AccessLogField.contextResponseLatency(),
    integrationError: AccessLogField.contextIntegrationErrorMessage(),
    authorizerError: AccessLogField.contextAuthorizerError(),
    error: AccessLogField.contextErrorMessage(),
  }),
);

export interface EventsApiProps {
  readonly publish: IFunction;
  readonly settings: Settings;
  /** Encrypts the access log. @default - the keys of CloudWatch itself */
  readonly logKey?: IKey | undefined;
}

/**
 * `POST /events`, and `POST /events/{type}` for events of one type, closed by default: callers sign with IAM credentials, or bring a
 * token when the settings name an issuer.
 */
export class EventsApi extends Construct {
  readonly stage: HttpStage;
  /** Without a trailing slash. */
  readonly url: string;
  readonly accessLog: ILogGroup;
  readonly #api: HttpApi;

  constructor(scope: Construct, id: string, { publish, settings, logKey }: EventsApiProps) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', {
      description: 'Publishes events: POST /events with a CloudEvent.',
      createDefaultStage: false,
    });
    this.#api = api;
    const authorizer = authorizerOf(settings.jwt);
    const integration = new HttpLambdaIntegration('Publish', publish);
    // A policy can only name paths. With the type in the path, it can limit what a principal may publish.
    for (const path of ['/events', '/events/{type}']) {
      api.addRoutes({
        path,
        methods: [HttpMethod.POST],
        authorizer,
        integration,
        ...(settings.jwt && { authorizationScopes: [...settings.jwt.scopes] }),
      });
    }
    this.accessLog = new ForgettingLogGroup(this, 'AccessLog', { stage: settings.stage, key: logKey });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      autoDeploy: true,
      throttle: { rateLimit: settings.brakes.apiRate, burstLimit: settings.brakes.apiBurst },
      accessLogSettings: { destination: new LogGroupLogDestination(this.accessLog), format: ACCESS_LOG },
    });
    this.url = api.apiEndpoint;
  }

  /** ARN of requests to a path, for policies of `execute-api:Invoke`. */
  arnForPost(path: string): string {
    return this.#api.arnForExecuteApi('POST', path, this.stage.stageName);
  }
}

function authorizerOf(jwt: JwtSettings | undefined): IHttpRouteAuthorizer {
  return jwt === undefined
    ? new HttpIamAuthorizer()
    : new HttpJwtAuthorizer('Jwt', jwt.issuer, { jwtAudience: [...jwt.audience] });
}
