import type { EngineApp } from '../engines/fauxqs.ts';
import { entryOf } from '../functions/entry-of.ts';
import { readRequest, UnreadableRequestError } from '../requests/read-request.ts';
import type { Machine } from '../resources/resource.ts';

interface KeyRequest {
  readonly KeyId?: string;
  readonly Policy?: string;
}

interface KeyProperties {
  readonly Description?: string;
  readonly Enabled?: boolean;
  readonly EnableKeyRotation?: boolean;
  readonly KeyPolicy?: unknown;
}

const SERVICE = 'TrentService.';
const TYPE = 'application/x-amz-json-1.1';

/** Operations that read a key, and their answers. */
const READS: Readonly<Record<string, (key: KeyProperties, KeyId: string) => object>> = {
  DescribeKey: ({ Description = '', Enabled = true }, KeyId) => ({
    KeyMetadata: {
      KeyId,
      Description,
      Enabled,
      KeyState: Enabled ? 'Enabled' : 'Disabled',
      KeyManager: 'CUSTOMER',
    },
  }),
  GetKeyPolicy: ({ KeyPolicy }) => ({ Policy: JSON.stringify(KeyPolicy), PolicyName: 'default' }),
  GetKeyRotationStatus: ({ EnableKeyRotation = false }, KeyId) => ({
    KeyId,
    KeyRotationEnabled: EnableKeyRotation,
  }),
};

/** Operations that change a key, and the properties that they set. */
const CHANGES: Readonly<Record<string, (input: KeyRequest) => KeyProperties>> = {
  DisableKey: () => ({ Enabled: false }),
  EnableKey: () => ({ Enabled: true }),
  DisableKeyRotation: () => ({ EnableKeyRotation: false }),
  EnableKeyRotation: () => ({ EnableKeyRotation: true }),
  PutKeyPolicy: ({ Policy = '{}' }) => ({ KeyPolicy: policyOf(Policy) }),
};

/**
 * Serves the KMS operations that read and change state, policy and rotation of the keys in the templates. Nothing is encrypted on this machine.
 * A change lasts until the templates are deployed again. Call it before the engine listens.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
 */
export function serveKeys(app: EngineApp, machine: Machine): void {
  app.addHook('preHandler', async (request, reply) => {
    const target = String(request.headers['x-amz-target']);
    if (!target.startsWith(SERVICE) || !(request.body instanceof Buffer)) return;
    const input = readRequest<KeyRequest>(request.body, { KeyId: 'text', Policy: 'text' });
    const answer = await answerOf(target.slice(SERVICE.length), input, machine);
    return reply
      .status('__type' in answer ? 400 : 200)
      .header('content-type', TYPE)
      .send(JSON.stringify(answer));
  });
}

async function answerOf(operation: string, input: KeyRequest, machine: Machine): Promise<object> {
  const id = input.KeyId?.split('/').at(-1) ?? '';
  const key = machine.described.ofType('AWS::KMS::Key').get(id);
  if (!key) return { __type: 'NotFoundException', message: `there is no key ${id} on this machine` };
  const read = entryOf(READS, operation);
  if (read) return read(key, id);
  const change = entryOf(CHANGES, operation);
  if (!change)
    return {
      __type: 'UnsupportedOperationException',
      message: `the local runner does not support ${operation}`,
    };
  await machine.described.change(id, { ...change(input) }, machine);
  return {};
}

function policyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever sent it has to change it.
    throw new UnreadableRequestError('the policy is not valid JSON', 'MalformedPolicyDocumentException');
  }
}
