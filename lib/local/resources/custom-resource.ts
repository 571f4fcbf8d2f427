import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Invocation } from '../functions/execution-environment.ts';
import type { LocalFunction } from '../functions/local-function.ts';
import { refusal } from '../http/guard.ts';
import type { Created, CreateResource } from './resource.ts';

interface Answer {
  readonly Status?: string;
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/**
 * A custom resource whose function runs here. Its function is asked to create it once, as CloudFormation does; it is neither changed nor
 * deleted here. After a restart it is asked again under the same id, by which it has to know what it has created.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-create.html
 */
export const createCustomResource: CreateResource = async (request, machine) => {
  const { logicalId, name, properties, stackName } = request;
  const existing = machine.customResources.get(name);
  if (existing) return existing;
  const { ServiceToken = '', ...rest } = properties;
  const target = machine.functions.get(String(ServiceToken));
  if (!target) throw new Error(`its ServiceToken is ${ServiceToken}, which is no function of this machine`);
  const { PhysicalResourceId = name, Data = {} } = await ask(target, {
    RequestType: 'Create',
    RequestId: requestId(name),
    StackId: `arn:aws:cloudformation:${machine.region}:${machine.account}:stack/${stackName}/local`,
    ResourceType: 'AWS::CloudFormation::CustomResource',
    LogicalResourceId: logicalId,
    ResourceProperties: { ServiceToken, ...rest },
  });
  const created: Created = { physicalId: PhysicalResourceId, attributes: Data };
  machine.customResources.set(name, created);
  return created;
};

/** @throws Error: the function has ended, and CloudFormation would wait for its answer until the time is over */
function withoutAnswer(invocation: Invocation): never {
  const why = invocation.status === 'succeeded' ? 'has not answered' : invocation.error;
  throw new Error(`its function ${why}`);
}

/** The same after every restart, in the form of those of CloudFormation. */
function requestId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** Runs the function, and waits for the answer that it puts to a URL of this machine. @throws Error with the reason for which it has failed */
async function ask(target: LocalFunction, event: object): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  // Only the function knows it, as only the function knows the signed URL of CloudFormation.
  const path = `/${randomUUID()}`;
  const server = createServer(async (request, response) => {
    const answer = await readAnswer(request, path);
    response.writeHead(answer ? 200 : 400).end();
    if (answer) resolve(answer);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  try {
    const invoked = target.invoke({ ...event, ResponseURL: `http://127.0.0.1:${port}${path}` });
    const answer = await Promise.race([promise, invoked.then(withoutAnswer)]);
    if (answer.Status === 'SUCCESS') return answer;
    throw new Error(answer.Reason ?? 'its function has failed and says no reason');
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** @returns undefined when it is no answer of the function: anybody on this machine can find the port */
async function readAnswer(request: IncomingMessage, path: string): Promise<Answer | undefined> {
  try {
    const body = await text(request);
    if (refusal(request) !== undefined || request.url !== path) return undefined;
    // The functions of an app answer as CloudFormation asks for.
    return JSON.parse(body) as Answer;
  } catch {
    // It was broken off, or is no JSON. The function may still answer.
    return undefined;
  }
}
