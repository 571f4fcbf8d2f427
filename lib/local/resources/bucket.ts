import { MAX_BUCKET_NAME_LENGTH } from '../aws-limits.ts';
import type { CreateResource } from './resource.ts';

/** AWS::S3::Bucket, without versions, lifecycle rules and notifications. */
export const createBucket: CreateResource = async ({ name, properties }, { awsEndpoint, region }) => {
  const bucketName =
    typeof properties.BucketName === 'string'
      ? properties.BucketName
      : name.toLowerCase().slice(-MAX_BUCKET_NAME_LENGTH);
  // The engine accepts an unsigned request. A bucket that exists is not changed.
  const response = await fetch(`${awsEndpoint}/${bucketName}`, { method: 'PUT' });
  if (!response.ok) throw new Error(`S3 answers ${response.status}: ${await response.text()}`);
  return {
    physicalId: bucketName,
    attributes: {
      Arn: `arn:aws:s3:::${bucketName}`,
      DomainName: `${bucketName}.s3.amazonaws.com`,
      RegionalDomainName: `${bucketName}.s3.${region}.amazonaws.com`,
    },
  };
};
