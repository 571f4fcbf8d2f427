import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { resolve, type Scope } from '../../../lib/local/assembly/intrinsics.ts';
import type {
  Template as StackTemplate,
  TemplateResource,
} from '../../../lib/local/assembly/read-assembly.ts';
import { listOf, type Policy } from './policy.ts';

/** Where the tests say that everything is deployed, unless they name another account. */
export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

/** A role or a resource: its ARN, and the policies that are attached to it. */
export interface WithPolicies {
  readonly arn: string;
  readonly policies: readonly Policy[];
}

/** The policies of a synthesized app, with an ARN for everything in it. */
export interface DeployedPolicies {
  /** The role of the function of a stack, by its name: `Inventory`, or `Bus` for the publish function. */
  roleOf(stack: string): WithPolicies;
  /** A role of a stack, by how its logical id begins. */
  roleNamed(stack: string, idBegins: string): WithPolicies;
  /** A resource and its own policies, by stack, type, and how its logical id begins. */
  resourceOf(stack: string, type: string, idBegins?: string): WithPolicies;
}

interface Named {
  readonly account: string;
  readonly stack: string;
  readonly template: StackTemplate;
}

/** ARNs by resource type; everything else is named like a thing of CloudFormation. */
const ARNS: Readonly<Record<string, (id: string, account: string) => string>> = {
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id.toLowerCase()}`,
  'AWS::IAM::Role': (id, account) => `arn:aws:iam::${account}:role/${id}`,
  'AWS::DynamoDB::Table': (id, account) => `arn:aws:dynamodb:${REGION}:${account}:table/${id}`,
  'AWS::KMS::Key': (id, account) => `arn:aws:kms:${REGION}:${account}:key/${id}`,
  'AWS::SNS::Topic': (id, account) => `arn:aws:sns:${REGION}:${account}:${id}`,
  'AWS::SQS::Queue': (id, account) => `arn:aws:sqs:${REGION}:${account}:${id}`,
  'AWS::Logs::LogGroup': (id, account) => `arn:aws:logs:${REGION}:${account}:log-group:${id}:*`,
};
/** What `Ref` gives as an ARN; of all others it is a name. */
const REF_IS_ARN = new Set(['AWS::SNS::Topic']);

/** Reads the policies from the templates of an app's stacks. */
export function readPolicies(
  stacks: ReadonlyMap<string, Stack>,
  account: string = ACCOUNT,
): DeployedPolicies {
  const all = [...stacks].map(([stack, construct]) => ({
    account,
    stack,
    template: Template.fromStack(construct).toJSON(),
  }));
  const named = (stack: string): Named =>
    all.find((one) => one.stack === stack) ?? fail(`there is no stack ${stack}`);
  return {
    roleOf: (stack) => {
      const one = named(stack);
      const [, lambda] = find(
        one,
        'AWS::Lambda::Function',
        stack === 'Bus' ? 'BusPublishFunction' : undefined,
      );
      const arn = String(resolve(lambda.Properties?.Role, scopeOf(one, all)));
      return { arn, policies: policiesOfRole(one, arn, all) };
    },
    roleNamed: (stack, idBegins) => {
      const one = named(stack);
      const arn = arnOf(one, find(one, 'AWS::IAM::Role', idBegins)[0]);
      return { arn, policies: policiesOfRole(one, arn, all) };
    },
    resourceOf: (stack, type, idBegins) => {
      const one = named(stack);
      const [id] = find(one, type, idBegins);
      return { arn: arnOf(one, id), policies: policiesOfResource(one, id, all) };
    },
  };
}

function policiesOfRole(one: Named, roleArn: string, all: readonly Named[]): Policy[] {
  const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return resourcesOf(one)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Policy')
    .map(([, { Properties }]) => asRecord(resolve(Properties, scopeOf(one, all))))
    .filter(({ Roles }) => Array.isArray(Roles) && Roles.includes(roleName))
    .map(({ PolicyDocument }) => asPolicy(PolicyDocument));
}

/** The property that names what a resource's policy is attached to. */
const ATTACHED_TO: Readonly<Record<string, string>> = {
  'AWS::SQS::QueuePolicy': 'Queues',
  'AWS::SNS::TopicPolicy': 'Topics',
  'AWS::S3::BucketPolicy': 'Bucket',
};

function policiesOfResource(one: Named, id: string, all: readonly Named[]): Policy[] {
  const scope = scopeOf(one, all);
  const own = one.template.Resources?.[id]?.Properties ?? {};
  const inline = [own.KeyPolicy, own.AssumeRolePolicyDocument].filter((document) => document !== undefined);
  const attached = resourcesOf(one).flatMap(([, { Type, Properties = {} }]) => {
    const property = ATTACHED_TO[Type];
    const targets = property === undefined ? [] : listOf<unknown>(resolve(Properties[property], scope));
    return targets.includes(scope.reference(id)) ? [Properties.PolicyDocument] : [];
  });
  return [...inline, ...attached].map((document) => asPolicy(resolve(document, scope)));
}

function find(one: Named, type: string, idBegins = ''): readonly [string, TemplateResource] {
  const found = resourcesOf(one).find(([id, { Type }]) => Type === type && id.startsWith(idBegins));
  return found ?? fail(`stack ${one.stack} has no ${type} ${idBegins}`);
}

function resourcesOf({ template }: Named): readonly (readonly [string, TemplateResource])[] {
  return Object.entries(template.Resources ?? {});
}

function arnOf({ account, stack, template }: Named, id: string): string {
  const type = template.Resources?.[id]?.Type ?? fail(`stack ${stack} has no resource ${id}`);
  const arn =
    ARNS[type] ??
    ((name: string) => `arn:aws:${type.split('::')[1]?.toLowerCase()}:${REGION}:${account}:${name}`);
  return arn(`${stack}-${id}`, account);
}

function scopeOf(one: Named, all: readonly Named[]): Scope {
  const { account, stack, template } = one;
  const reference = (id: string): string => {
    const arn = arnOf(one, id);
    return REF_IS_ARN.has(template.Resources?.[id]?.Type ?? '') ? arn : arn.slice(arn.search(/[^:/]+$/));
  };
  return {
    stackName: stack,
    template,
    pseudo: {
      'AWS::AccountId': account,
      'AWS::Region': REGION,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack,
      'AWS::StackId': `arn:aws:cloudformation:${REGION}:${account}:stack/${stack}/0a1b2c3d-0000-0000-0000-000000000000`,
    },
    reference,
    attribute: (id, name) => (name.endsWith('Arn') ? arnOf(one, id) : `${reference(id)}.${name}`),
    exported: (name) => exported(name, all),
    parameter: (name) => parameter(name, all),
    output: (stackName, name) => `${stackName}.${name}`,
  };
}

function exported(name: string, all: readonly Named[]): string {
  for (const one of all) {
    for (const { Value, Export } of Object.values(one.template.Outputs ?? {})) {
      if (Export?.Name === name) return String(resolve(Value, scopeOf(one, all)));
    }
  }
  return fail(`no stack exports ${name}`);
}

function parameter(name: string, all: readonly Named[]): string {
  for (const one of all) {
    for (const [, { Type, Properties = {} }] of resourcesOf(one)) {
      if (Type === 'AWS::SSM::Parameter' && Properties.Name === name) {
        return String(resolve(Properties.Value, scopeOf(one, all)));
      }
    }
  }
  return fail(`no stack writes the parameter ${name}`);
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new TypeError('expected an object in a template');
  return { ...value };
}

function asPolicy(value: unknown): Policy {
  const { Statement } = asRecord(value);
  if (!Array.isArray(Statement)) throw new TypeError('expected a policy document with a list of statements');
  return { Statement };
}

function fail(message: string): never {
  throw new Error(message);
}
