/** Where the services are that a function may call. */
export interface Endpoints {
  readonly region: string;
  readonly aws: string;
  readonly dynamodb: string;
}

/** Credentials that the engines take; any would do. */
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * The variables that every function gets here: what Lambda sets, and the SDK's own variables for endpoints.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function functionEnvironment({ region, aws, dynamodb }: Endpoints): Readonly<Record<string, string>> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_SNS: aws,
    AWS_ENDPOINT_URL_SQS: aws,
    AWS_ENDPOINT_URL_S3: aws,
    AWS_ENDPOINT_URL_SESV2: aws,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    PATH: process.env.PATH ?? '',
    TZ: ':UTC',
  };
}
