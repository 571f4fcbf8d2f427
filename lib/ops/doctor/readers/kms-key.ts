import { DescribeKeyCommand, GetKeyPolicyCommand, GetKeyRotationStatusCommand } from '@aws-sdk/client-kms';
import { parseText, type ResourceReader } from './reader.ts';

/** AWS::KMS::Key. A key that waits for its deletion counts as not enabled. */
export const kmsKey: ResourceReader = {
  type: 'AWS::KMS::Key',
  defaults: () => ({ Description: undefined, Enabled: true, EnableKeyRotation: false }),
  uncompared: {
    PendingWindowInDays: 'it matters only when the key is deleted',
    Tags: 'tags of the stack are compared',
  },
  read: async ({ kms }, { physicalId: KeyId, synthesized }) => {
    const client = await kms();
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
    // KMS returns no policy of a key that waits for its deletion.
    if (KeyMetadata?.KeyState !== 'Enabled') return { ...synthesized, Enabled: false };
    const [{ Policy }, { KeyRotationEnabled = false }] = await Promise.all([
      client.send(new GetKeyPolicyCommand({ KeyId })),
      client.send(new GetKeyRotationStatusCommand({ KeyId })),
    ]);
    return {
      Description: KeyMetadata.Description,
      Enabled: true,
      EnableKeyRotation: KeyRotationEnabled,
      KeyPolicy: parseText(Policy),
    };
  },
};
