import type { CreateResource } from './resource.ts';

/** S3 takes 63 characters. */
const MAX_NAME = 63;

/** AWS::S3::Bucket: the bucket alone; versions, life cycles and notifications are left out. */
export const createBucket: CreateResource = async ({ name, properties }, { awsEndpoint, region }) => {
  const bucketName =
    typeof properties.BucketName === 'string' ? properties.BucketName : name.toLowerCase().slice(-MAX_NAME);
  // The engine takes an unsigned request, and leaves a bucket that is there as it is.
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
