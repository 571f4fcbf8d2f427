import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { ENVIRONMENT } from '../contracts/environment.ts';
import { systemClock } from './clock.ts';
import { createDataBucket, type DataBucket } from './data-bucket.ts';
import { requireEnvironment } from './require-environment.ts';
import { s3EndpointOf } from './s3-endpoint.ts';

/** The data bucket that the stack has named to this function. @throws Error when it has named none */
export function createBucketOfEnvironment(): DataBucket {
  return createDataBucket({
    name: requireEnvironment(ENVIRONMENT.dataBucket),
    region: requireEnvironment('AWS_REGION'),
    credentials: defaultProvider(),
    endpoint: s3EndpointOf(process.env),
    clock: systemClock,
    random: Math.random,
  });
}
