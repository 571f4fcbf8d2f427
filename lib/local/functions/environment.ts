/** Endpoints of the services that a function can call. */
export interface Endpoints {
  readonly region: string;
  readonly aws: string;
  readonly dynamodb: string;
}

/** Credentials for the engines, which accept any. */
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * The environment variables of every function: those that Lambda sets, and the endpoint variables of the SDK. A service without one of its own
 * has that of all: no function on this machine reaches AWS by a client that nobody has thought of.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function functionEnvironment({ region, aws, dynamodb }: Endpoints): Readonly<Record<string, string>> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL: aws,
    AWS_ENDPOINT_URL_SNS: aws,
    AWS_ENDPOINT_URL_SQS: aws,
    AWS_ENDPOINT_URL_S3: aws,
    AWS_ENDPOINT_URL_SESV2: aws,
    AWS_ENDPOINT_URL_EVENTBRIDGE: aws,
    AWS_ENDPOINT_URL_SCHEDULER: aws,
    AWS_ENDPOINT_URL_SSM: aws,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    PATH: process.env.PATH ?? '',
    TZ: ':UTC',
  };
}
