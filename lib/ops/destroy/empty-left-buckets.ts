import { paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { S3Client } from '@aws-sdk/client-s3';
import type { OpsClients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';

const FAILED = 'DELETE_FAILED';

/**
 * Empties the buckets that CloudFormation could not delete with their stack, because they hold objects. It tries to delete a bucket only in
 * profile dev; in profile prod it keeps it. By then nothing writes to the bucket any more, and the person has said yes to the CDK.
 *
 * @returns the names of the buckets that held something
 */
export async function emptyLeftBuckets(
  clients: Pick<OpsClients, 'cloudFormation' | 's3'>,
  { stacks, owner }: Pick<Deployment, 'stacks' | 'owner'>,
): Promise<readonly string[]> {
  const failed = stacks.filter(
    ({ stackName, stackStatus }) => stackStatus === FAILED && stackName.startsWith(`${owner}-`),
  );
  const emptied: string[] = [];
  for (const { stackName } of failed) {
    for (const bucket of await leftBuckets(clients, stackName)) {
      if (await emptyBucket(await clients.s3(), bucket)) emptied.push(bucket);
    }
  }
  return emptied;
}

async function leftBuckets(
  { cloudFormation }: Pick<OpsClients, 'cloudFormation'>,
  StackName: string,
): Promise<readonly string[]> {
  const names: string[] = [];
  const pages = paginateListStackResources({ client: cloudFormation }, { StackName });
  for await (const { StackResourceSummaries = [] } of pages) {
    for (const { ResourceType, ResourceStatus, PhysicalResourceId } of StackResourceSummaries) {
      if (ResourceType === 'AWS::S3::Bucket' && ResourceStatus === FAILED && PhysicalResourceId !== undefined)
        names.push(PhysicalResourceId);
    }
  }
  return names;
}

/** Deletes a page of a thousand objects at once. The buckets of Fanfare have no versions. @throws Error when S3 keeps one of them */
async function emptyBucket(s3: S3Client, Bucket: string): Promise<boolean> {
  const { DeleteObjectsCommand, paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  let held = false;
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    const Objects = Contents.map(({ Key }) => ({ Key }));
    if (Objects.length === 0) continue;
    held = true;
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first) throw new Error(`S3 keeps s3://${Bucket}/${first.Key}: ${first.Code} ${first.Message}`);
  }
  return held;
}
