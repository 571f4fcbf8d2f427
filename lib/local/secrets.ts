import { existsSync, readFileSync } from 'node:fs';
import type { EngineApp } from './engines/fauxqs.ts';
import { entryOf } from './functions/entry-of.ts';
import { readRequest } from './requests/read-request.ts';

interface Asked {
  readonly SecretId?: string;
  readonly Name?: string;
}

interface Refusal {
  readonly __type: string;
  readonly message: string;
}

/** Where the values are. */
export interface SecretValues {
  /** JSON files with values by name, those of every app that runs here. */
  files(): readonly string[];
  /** Parameters that a template has written, by name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** How each of the two services is asked for a value, and how it answers. */
const OPERATIONS: Readonly<
  Record<
    string,
    {
      readonly nameOf: (asked: Asked) => string | undefined;
      readonly answer: (name: string, value: string) => object;
      readonly missing: string;
      readonly store: 'secrets' | 'parameters';
    }
  >
> = {
  'secretsmanager.GetSecretValue': {
    nameOf: ({ SecretId }) => SecretId,
    answer: (Name, SecretString) => ({ Name, SecretString }),
    missing: 'ResourceNotFoundException',
    store: 'secrets',
  },
  'AmazonSSM.GetParameter': {
    nameOf: ({ Name }) => Name,
    answer: (Name, Value) => ({ Parameter: { Name, Type: 'String', Value } }),
    missing: 'ParameterNotFound',
    store: 'parameters',
  },
};

/**
 * Secrets Manager's GetSecretValue and Systems Manager's GetParameter on this machine: values come from the parameters of the templates, and
 * from a JSON file, by the name that they have on AWS. It is read for every request, and no value is logged. Call it before the engine
 * listens.
 */
export function serveSecrets(app: EngineApp, { files, parameters }: SecretValues): void {
  app.addHook('preHandler', async (request, reply) => {
    const operation = entryOf(OPERATIONS, String(request.headers['x-amz-target']));
    if (!operation || !(request.body instanceof Buffer)) return;
    const asked = readRequest<Asked>(request.body, { SecretId: 'text', Name: 'text' });
    const name = operation.nameOf(asked) ?? '';
    const written = operation.store === 'parameters' ? parameters.get(name) : undefined;
    const found = written ?? find(files(), name);
    const body =
      typeof found === 'string'
        ? operation.answer(name, found)
        : ({ __type: operation.missing, message: found.problem } satisfies Refusal);
    return reply
      .status('__type' in body ? 400 : 200)
      .header('content-type', 'application/x-amz-json-1.1')
      .send(JSON.stringify(body));
  });
}

function find(files: readonly string[], name: string): string | { readonly problem: string } {
  if (files.length === 0)
    return { problem: 'this runner has no file of secrets; start it with one (secretsFile)' };
  const found = files.map((file) => findIn(file, name));
  const problems = found.flatMap((one) => (typeof one === 'string' ? [] : [one.problem]));
  return found.find((one) => typeof one === 'string') ?? { problem: problems.join('; and ') };
}

function findIn(file: string, name: string): string | { readonly problem: string } {
  const values = existsSync(file) ? readValues(file) : {};
  if (values === undefined)
    return { problem: `${file} is no JSON object; write {"${name}": "a value"} there` };
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (typeof value === 'string') return value;
  return { problem: `it is not in ${file}; add {"${name}": "a value"} there` };
}

function readValues(file: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const values: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof values === 'object' && values !== null ? { ...values } : undefined;
  } catch {
    // The caller says that it cannot be read. The error itself could quote a value.
    return undefined;
  }
}
