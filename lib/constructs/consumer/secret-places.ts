import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { SECRET_KINDS, secretVariable } from '../../contracts/environment.ts';
import type { SecretSource } from '../../contracts/function-settings.ts';
import type { Stage } from '../stage.ts';

/** What the ARN of a secret has behind its name: a dash and six characters of its own. */
const SECRET_ARN_END = '-??????';

/** The variables that say where the secrets of a consumer are kept; no value is in them. */
export function secretVariables({ secrets }: ConsumerDefinition, stage: Stage): Record<string, string> {
  const entries = Object.entries(secrets).map(([role, source]) => {
    const { kind, name } = targetFrom(source, stage);
    return [secretVariable(role), `${SECRET_KINDS[kind]}${name}`] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * Lets a function read its secrets and no other. What the keys of AWS encrypt needs no more; a key of the account grants it itself:
 * `key.grantDecrypt(consumer.function)`.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
 */
export function secretStatements(
  scope: Construct,
  { secrets }: ConsumerDefinition,
  stage: Stage,
): PolicyStatement[] {
  const places = Object.values(secrets).map((source) => targetFrom(source, stage));
  const stack = Stack.of(scope);
  const arnsOf = (kind: keyof typeof SECRET_KINDS, arnOf: (name: string) => string): string[] =>
    places.filter((place) => place.kind === kind).map(({ name }) => arnOf(name));
  const secretArns = arnsOf('secretsManager', (name) =>
    stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${name}${SECRET_ARN_END}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  const parameterArns = arnsOf('ssmParameter', (name) =>
    stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.replace(/^\//, '') }),
  );
  return [
    ...(secretArns.length > 0
      ? [new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: secretArns })]
      : []),
    ...(parameterArns.length > 0
      ? [new PolicyStatement({ actions: ['ssm:GetParameter'], resources: parameterArns })]
      : []),
  ];
}

function targetFrom(source: SecretSource, stage: Stage) {
  const [kind, name] =
    'secretsManager' in source
      ? (['secretsManager', source.secretsManager] as const)
      : (['ssmParameter', source.ssmParameter] as const);
  return { kind, name: name.replaceAll('{stage}', stage.name) };
}
