import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { systemClock } from '../aws/clock.ts';
import { readSecret, type SecretStore } from '../aws/read-secret.ts';
import { requireEnvironment } from '../aws/require-environment.ts';
import { SECRET_KINDS, secretVariable } from '../contracts/environment.ts';
import { reasonOf, toError } from '../contracts/text/error-reason.ts';

/** Gets a secret by the name that the consumer's definition gives it. */
export type GetSecret = (role: string) => Promise<string>;

/** Where a secret is kept. */
interface SecretLocation {
  readonly store: SecretStore;
  readonly name: string;
}

/**
 * The secrets of this process. Each is read on its first use and kept. After a failure the next use reads it again.
 *
 * @throws Error at start when an environment variable is missing that the stack sets
 */
export function createSecrets(
  roles: readonly string[],
  read: (store: SecretStore, name: string) => Promise<string> = readFromAws,
): GetSecret {
  const locations = new Map(
    roles.map((role) => [role, parseLocation(requireEnvironment(secretVariable(role)))]),
  );
  const values = new Map<string, Promise<string>>();
  return async (role) => {
    const location = locations.get(role);
    if (!location) throw new TypeError(`the consumer's definition names no '${role}' under secrets`);
    const value = values.get(role) ?? read(location.store, location.name);
    values.set(role, value);
    try {
      return await value;
    } catch (cause) {
      values.delete(role);
      throw new Error(`the secret '${role}' cannot be read: ${reasonOf(toError(cause)).message}`, { cause });
    }
  };
}

/** `secretsmanager:shop/stripe`, as the stack writes it. */
function parseLocation(text: string): SecretLocation {
  const stores = ['secretsManager', 'ssmParameter'] as const;
  const store = stores.find((one) => text.startsWith(SECRET_KINDS[one]));
  if (!store)
    throw new Error(`'${text}' does not say where a secret is kept; deploy the consumer's stack again`);
  return { store, name: text.slice(SECRET_KINDS[store].length) };
}

function readFromAws(store: SecretStore, name: string): Promise<string> {
  return readSecret(store, name, {
    region: requireEnvironment('AWS_REGION'),
    credentials: defaultProvider(),
    environment: process.env,
    clock: systemClock,
    random: Math.random,
  });
}
