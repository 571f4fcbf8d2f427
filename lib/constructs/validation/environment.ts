import { ENVIRONMENT, secretVariable } from '../../contracts/environment.ts';
import type { SecretSource } from '../../contracts/function-settings.ts';
import { ENVIRONMENT_VARIABLE_PATTERN, MAX_ENVIRONMENT_BYTES } from '../aws-limits.ts';
import type { Validation } from './rule.ts';

/** Upper bound of the size of Fanfare's own variables, without those of tables and secrets. */
const OWN_VARIABLES_BYTES = 1_024;
const STAGE_BYTES = 20;

/** The variable with the name of a table, which CloudFormation makes from the names of the stack and the construct. */
const TABLE_VARIABLE_BYTES = 160;

/** Variables that Fanfare, its logger, `grantSendEmail`, `grantStartExecution` or Lambda set. */
const OWNED = new Set<string>([
  ...Object.values(ENVIRONMENT),
  'MAIL_FROM',
  'STATE_MACHINE_ARN',
  'POWERTOOLS_SERVICE_NAME',
  'POWERTOOLS_METRICS_NAMESPACE',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);
const OWNED_BEGINNINGS = /^(AWS_|FANFARE_|TABLE_|SECRET_)/;

/**
 * The consumer's own variables have names and a size that Lambda accepts, and no name that Fanfare or Lambda sets.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const validateEnvironment: Validation = ({ definition: { environment, tables, secrets } }) => {
  const names = Object.keys(environment);
  const owned = names.filter((name) => OWNED.has(name) || OWNED_BEGINNINGS.test(name));
  const invalid = names.filter((name) => !ENVIRONMENT_VARIABLE_PATTERN.test(name));
  const bytes = Buffer.byteLength(Object.entries(environment).flat().join(''));
  const most =
    MAX_ENVIRONMENT_BYTES -
    OWN_VARIABLES_BYTES -
    Object.keys(tables).length * TABLE_VARIABLE_BYTES -
    Object.entries(secrets).reduce((sum, [role, source]) => sum + bytesOfSecret(role, source), 0);
  return [
    ...owned.map(
      (name) =>
        `its environment sets ${name}, which belongs to Fanfare or to Lambda; give the variable another name`,
    ),
    ...invalid.map(
      (name) =>
        `its environment sets '${name}'; Lambda takes two or more letters, digits and _, with a letter first`,
    ),
    ...(bytes > most
      ? [
          `its environment has ${bytes} bytes; Lambda has room for ${most} beside Fanfare's own variables, its tables and its secrets. Read more from a table or a bucket`,
        ]
      : []),
  ];
};

/** The variable that says where a secret is kept; its name may hold the stage. */
function bytesOfSecret(role: string, source: SecretSource): number {
  const place = `${secretVariable(role)}${Object.entries(source).flat().join(':')}`;
  return Buffer.byteLength(place) + STAGE_BYTES;
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
const SECRETS_MANAGER_NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
const PARAMETER_NAME = /^(\/?[A-Za-z0-9_.-]+|(\/[A-Za-z0-9_.-]+){2,15})$/;

/** Each secret has a name that its service can have, and a variable of its own. */
export const validateSecrets: Validation = ({ definition: { secrets } }) => {
  const roles = Object.keys(secrets);
  const twins = roles.filter((role, index) =>
    roles.slice(0, index).some((other) => secretVariable(other) === secretVariable(role)),
  );
  return [
    ...twins.map((role) => `its secret '${role}' has the role of another in other letters; give it another`),
    ...Object.entries(secrets).flatMap(([role, source]) => {
      const kinds = Object.keys(source);
      if (kinds.length !== 1 || !/^(secretsManager|ssmParameter)$/.test(kinds[0] ?? ''))
        return [
          `its secret '${role}' has ${kinds.join(' and ') || 'no source'}; name one of secretsManager and ssmParameter`,
        ];
      const [kind, name, pattern] =
        'secretsManager' in source
          ? (['secretsManager', source.secretsManager, SECRETS_MANAGER_NAME] as const)
          : (['ssmParameter', source.ssmParameter, PARAMETER_NAME] as const);
      if (pattern.test(name.replaceAll('{stage}', 'prod'))) return [];
      return [`its secret '${role}' has the ${kind} '${name}'; give the name of it, and no ARN`];
    }),
  ];
};
