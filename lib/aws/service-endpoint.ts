type Variables = Readonly<Record<string, string | undefined>>;

/** The S3 endpoint that the environment configures; undefined when S3 uses the region's normal endpoint. */
export function s3EndpointOf(environment: Variables): string | undefined {
  return endpointOf(environment, 'S3');
}

/**
 * The endpoint of a service that the environment configures, read as the AWS SDK reads it: AWS_ENDPOINT_URL_<SERVICE> first, then
 * AWS_ENDPOINT_URL. An empty variable counts as not set.
 *
 * @param service as in the variable's name: `S3`, `SSM`, `SECRETS_MANAGER`
 * @returns undefined when the service uses the region's normal endpoint
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function endpointOf(environment: Variables, service: string): string | undefined {
  if (environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true') return undefined;
  const url = environment[`AWS_ENDPOINT_URL_${service}`] || environment.AWS_ENDPOINT_URL;
  return url ? url.replace(/\/+$/, '') : undefined;
}
