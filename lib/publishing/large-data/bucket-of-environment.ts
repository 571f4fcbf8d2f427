import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { systemClock } from '../../aws/clock.ts';
import { requireEnvironment } from '../../aws/require-environment.ts';
import { s3EndpointOf } from '../../aws/service-endpoint.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { createDataBucket, type DataBucket } from './data-bucket.ts';

/** The data bucket that is named in the environment. @throws Error when the environment names no bucket */
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
