import { GetPolicyCommand } from '@aws-sdk/client-lambda';
import { isPolicy, normalizePolicy } from '../normalize-policy.ts';
import { type Properties, parseText, type ResourceReader } from './reader.ts';

interface PermissionStatement {
  readonly Sid?: string;
  readonly Action?: readonly string[];
  readonly Principal?: Readonly<Record<string, readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** AWS::Lambda::Permission: the statement with its id in the policy of its function. */
export const lambdaPermission: ResourceReader = {
  type: 'AWS::Lambda::Permission',
  defaults: () => ({ SourceAccount: undefined, SourceArn: undefined }),
  uncompared: {},
  read: async ({ lambda }, { physicalId, synthesized }) => {
    const { FunctionName } = synthesized;
    const { Policy } = await (await lambda()).send(
      new GetPolicyCommand({ FunctionName: String(FunctionName).split(':').at(-1) }),
    );
    const policy = parseText(Policy);
    if (!isPolicy(policy)) return undefined;
    const statements = normalizePolicy(policy).Statement as readonly PermissionStatement[];
    // The physical id may begin with the name of the function and `|`.
    const statement = statements.find(({ Sid }) => Sid === physicalId.split('|').at(-1));
    return statement && { FunctionName, ...describe(statement) };
  },
};

function describe({ Action = [], Principal = {}, Condition = {} }: PermissionStatement): Properties {
  const conditions = Object.assign({}, ...Object.values(Condition));
  const [principal] = Object.values(Principal).flat();
  return {
    Action: Action[0],
    Principal: principal,
    SourceArn: conditions['aws:sourcearn']?.[0],
    SourceAccount: conditions['aws:sourceaccount']?.[0],
  };
}
