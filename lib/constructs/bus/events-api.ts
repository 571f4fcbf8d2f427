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

/**
 * The last part is a type when an event is published, and an id when its receipt is read. OpenAPI takes one name for both: paths that differ only
 * in the names of their parameters are the same path.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#paths-object
 */
const OF_ONE_EVENT = '/events/{type}';

export interface EventsApiProps {
  readonly publish: IFunction;
  readonly receipts: IFunction;
  readonly settings: Settings;
  /** Encrypts the access log. @default - the keys of CloudWatch itself */
  readonly logKey?: IKey | undefined;
}

/**
 * `POST /events`, `POST /events/{type}` for events of one type, and `GET /events/{id}` for the receipt of an event. It is closed by default:
 * callers sign with IAM credentials, or bring a token when the settings name an issuer.
 */
export class EventsApi extends Construct {
  readonly stage: HttpStage;
  /** Without a trailing slash. */
  readonly url: string;
  readonly accessLog: ILogGroup;
  readonly #api: HttpApi;

  constructor(scope: Construct, id: string, { publish, receipts, settings, logKey }: EventsApiProps) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', {
      description: 'Publishes events: POST /events with a CloudEvent.',
      createDefaultStage: false,
    });
    this.#api = api;
    const authorizer = authorizerOf(settings.jwt);
    const open = (method: HttpMethod, path: string, integration: HttpLambdaIntegration): void => {
      const scopes = settings.jwt && { authorizationScopes: [...settings.jwt.scopes] };
      api.addRoutes({ path, methods: [method], authorizer, integration, ...scopes });
    };
    const publishing = new HttpLambdaIntegration('Publish', publish);
    open(HttpMethod.POST, '/events', publishing);
    // A policy can only name paths. With the type in the path, it can limit what a principal may publish.
    open(HttpMethod.POST, OF_ONE_EVENT, publishing);
    open(HttpMethod.GET, OF_ONE_EVENT, new HttpLambdaIntegration('Receipts', receipts));
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
  arnFor(method: 'GET' | 'POST', path: string): string {
    return this.#api.arnForExecuteApi(method, path, this.stage.stageName);
  }
}

function authorizerOf(jwt: JwtSettings | undefined): IHttpRouteAuthorizer {
  return jwt === undefined
    ? new HttpIamAuthorizer()
    : new HttpJwtAuthorizer('Jwt', jwt.issuer, { jwtAudience: [...jwt.audience] });
}
