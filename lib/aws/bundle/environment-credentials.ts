import type { AwsCredentialIdentity } from '@smithy/types';

/**
 * Replaces the SDK's chain of credential providers in the functions' bundles. Lambda puts the credentials of the function's
 * role into the environment. The rest of the chain (profiles, SSO, login, instance metadata, processes) is a third of an SDK
 * client and never runs in Lambda.
 *
 * @throws Error when the environment has no credentials
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function defaultProvider(): () => Promise<AwsCredentialIdentity> {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
      throw new Error(
        'the environment has no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; Lambda sets them, and the function reads credentials from nowhere else',
      );
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    };
  };
}
