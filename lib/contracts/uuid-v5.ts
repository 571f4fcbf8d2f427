import { createHash } from 'node:crypto';

/** The namespace of all ids that Fanfare derives. Do not change it: retried events would get other ids. */
const FANFARE_NAMESPACE = Buffer.from('6f1c7e0a2f7b5d6e9c3a41b8d2e5f790', 'hex');

/**
 * A name-based UUID: the same parts always give the same id.
 *
 * @param parts the name; they are joined unambiguously, so that `['a', 'bc']` and `['ab', 'c']` give different ids
 */
export function uuidV5(...parts: readonly string[]): string {
  return nameBasedUuid(FANFARE_NAMESPACE, JSON.stringify(parts));
}

/**
 * A UUID of version 5 (SHA-1).
 *
 * @param namespace the 16 bytes of the namespace's UUID
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5
 */
export function nameBasedUuid(namespace: Uint8Array, name: string): string {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
