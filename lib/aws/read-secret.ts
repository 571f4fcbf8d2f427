import { backoffMilliseconds } from './backoff.ts';
import type { Clock } from './clock.ts';
import { type JsonCaller, parseObject, requestJson } from './json-request.ts';

/** The two services that keep secrets: how each is asked, and where its answer has the value. */
const STORES = {
  secretsManager: {
    service: 'secretsmanager',
    variable: 'SECRETS_MANAGER',
    target: 'secretsmanager.GetSecretValue',
    bodyOf: (name: string) => ({ SecretId: name }),
    secretIn: ({ SecretString }: Answer) => SecretString,
  },
  ssmParameter: {
    service: 'ssm',
    variable: 'SSM',
    target: 'AmazonSSM.GetParameter',
    bodyOf: (name: string) => ({ Name: name, WithDecryption: true }),
    secretIn: ({ Parameter }: Answer) => Parameter?.Value,
  },
} as const;

export type SecretStore = keyof typeof STORES;

interface Answer {
  readonly SecretString?: string;
  readonly Parameter?: { readonly Value?: string };
}

export interface ReadSecretProps extends JsonCaller {
  readonly clock: Clock;
  readonly random: () => number;
}

const MAX_TRIES = 4;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Reads a secret by a plain signed request.
 *
 * @throws Error naming the secret and the answer of its service, also after some tries; no value is ever in it
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export async function readSecret(store: SecretStore, name: string, props: ReadSecretProps): Promise<string> {
  const { clock, random } = props;
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(store, name, props).catch((error: unknown) => {
      // A broken connection is tried again until the tries are used up.
      if (attempt === MAX_TRIES) throw error;
    });
    if (answer && 'value' in answer) return answer.value;
    if (answer && (attempt === MAX_TRIES || !answer.isTransient)) {
      throw new Error(`${STORES[store].service} does not give '${name}': ${answer.reason}`);
    }
    const pause = { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS, random };
    await clock.sleep(backoffMilliseconds(attempt, pause));
  }
}

type Reply = { readonly value: string } | { readonly reason: string; readonly isTransient: boolean };

async function ask(store: SecretStore, name: string, props: ReadSecretProps): Promise<Reply> {
  const { bodyOf, secretIn, ...operation } = STORES[store];
  const reply = await requestJson(operation, bodyOf(name), props);
  if ('refusal' in reply) return reply.refusal;
  const answer = parseObject<Answer>(reply.text);
  if (!answer) return { reason: 'its answer is not JSON', isTransient: true };
  const value = secretIn(answer);
  return value === undefined ? { reason: 'it is binary, and not text', isTransient: false } : { value };
}
