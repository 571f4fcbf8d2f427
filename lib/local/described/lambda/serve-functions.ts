import { FUNCTION_DEFAULTS } from '../../aws-limits.ts';
import type { EngineApp } from '../../engines/fauxqs.ts';
import type { Machine } from '../../resources/resource.ts';
import { bodyOf, change, type LambdaAnswer, sendAnswer, unknownResource } from './answer.ts';

interface Named {
  readonly Params: { readonly name: string };
}

const CONFIGURATION = '/2015-03-31/functions/:name/configuration';
const RECURSION = '/2024-08-31/functions/:name/recursion-config';
const POLICY = '/2015-03-31/functions/:name/policy';

/** Properties that Lambda returns when the template sets nothing. */
const DEFAULTS = {
  ...FUNCTION_DEFAULTS,
  Architectures: ['x86_64'],
  EphemeralStorage: { Size: 512 },
  TracingConfig: { Mode: 'PassThrough' },
};

/**
 * Serves Lambda's GetFunctionConfiguration, UpdateFunctionConfiguration, GetFunctionConcurrency, PutFunctionConcurrency,
 * GetFunctionRecursionConfig, PutFunctionRecursionConfig, GetPolicy and RemovePermission. A change takes effect, except for the reserved
 * concurrency and for loops, which nothing ends here, and lasts until the templates are deployed again. Call it before the engine listens.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
 */
export function serveFunctions(app: EngineApp, machine: Machine): void {
  const propertiesOf = (name: string) => machine.described.ofType('AWS::Lambda::Function').get(name);
  const update = (name: string, changed: Readonly<Record<string, unknown>>): Promise<LambdaAnswer> =>
    change(machine, name, { changed, describe: (properties) => describe(name, properties, machine) });
  app.get<Named>(CONFIGURATION, ({ params: { name } }, reply) => {
    const properties = propertiesOf(name);
    const body = properties && describe(name, properties, machine);
    return sendAnswer(reply, body ? { status: 200, body } : unknownResource(name));
  });
  app.put<Named>(CONFIGURATION, async ({ params: { name }, body }, reply) =>
    sendAnswer(reply, await update(name, bodyOf(body))),
  );
  app.get<Named>('/2019-09-30/functions/:name/concurrency', ({ params: { name } }, reply) => {
    const { ReservedConcurrentExecutions } = propertiesOf(name) ?? {};
    return sendAnswer(reply, { status: 200, body: { ReservedConcurrentExecutions } });
  });
  app.put<Named>('/2017-10-31/functions/:name/concurrency', async ({ params: { name }, body }, reply) =>
    sendAnswer(reply, await update(name, bodyOf(body))),
  );
  app.get<Named>(RECURSION, ({ params: { name } }, reply) => {
    const properties = propertiesOf(name);
    if (!properties) return sendAnswer(reply, unknownResource(name));
    return sendAnswer(reply, { status: 200, body: recursionOf(properties) });
  });
  app.put<Named>(RECURSION, async ({ params: { name }, body }, reply) =>
    sendAnswer(reply, await change(machine, name, { changed: bodyOf(body), describe: recursionOf })),
  );
  app.get<Named>(POLICY, ({ params: { name } }, reply) => sendAnswer(reply, policyOf(name, machine)));
  app.delete<{ Params: { name: string; id: string } }>(`${POLICY}/:id`, ({ params: { id } }, reply) => {
    machine.described.remove(id);
    return sendAnswer(reply, { status: 204, body: {} });
  });
}

/** Lambda ends a loop through a queue, unless the function says otherwise. */
function recursionOf({ RecursiveLoop = 'Terminate' }: { readonly RecursiveLoop?: unknown }): object {
  return { RecursiveLoop };
}

/** A function as the API returns it. The properties of the template have the same names. */
function describe(
  FunctionName: string,
  properties: object,
  { region, account }: Pick<Machine, 'region' | 'account'>,
): object {
  const FunctionArn = `arn:aws:lambda:${region}:${account}:function:${FunctionName}`;
  return { ...DEFAULTS, ...properties, FunctionName, FunctionArn, State: 'Active', PackageType: 'Zip' };
}

interface PermissionProperties {
  readonly Action?: string;
  readonly FunctionName?: string;
  readonly Principal?: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
}

function policyOf(name: string, { described, region, account }: Machine): LambdaAnswer {
  const permissions = described.ofType('AWS::Lambda::Permission');
  const Resource = `arn:aws:lambda:${region}:${account}:function:${name}`;
  const statements = [...permissions].flatMap(([Sid, properties]) => {
    const {
      Action,
      FunctionName = '',
      Principal,
      SourceArn,
      SourceAccount,
    }: PermissionProperties = properties;
    if (FunctionName.split(':').at(-1) !== name) return [];
    const Condition = {
      ...(SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
      ...(SourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
    };
    return [{ Sid, Effect: 'Allow', Principal: { Service: Principal }, Action, Resource, Condition }];
  });
  if (statements.length === 0) return unknownResource(`policy of ${name}`);
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  return { status: 200, body: { Policy } };
}
