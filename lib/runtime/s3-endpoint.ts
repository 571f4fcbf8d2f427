/**
 * Where the environment says that S3 is, as the AWS SDK reads it: the service's own variable before that of all services, an empty one
 * is none. Undefined when it is the region's own.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function s3EndpointOf(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  if (environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true') return undefined;
  const url = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL;
  return url ? url.replace(/\/+$/, '') : undefined;
}
