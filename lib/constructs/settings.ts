import type { Node } from 'constructs';
import { BRAKE_NAMES, type Brakes, readBrakes } from './brakes.ts';
import { STAGES, type Stage, type StageName } from './stage.ts';

/** Who may call the HTTP API: bearers of a token of this issuer, for one of these audiences. */
export interface JwtSettings {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Scopes of which a token must have one. Empty: every token of the issuer for the audience may publish. */
  readonly scopes: readonly string[];
}

/** What can be set from outside, with `-c name=value`. */
export interface Settings {
  /** `-c stage=dev|prod`. @default dev */
  readonly stage: Stage;
  /** `-c alarmEmail=`. @default - alarms notify nobody; refused in prod */
  readonly alarmEmail?: string;
  /**
   * `-c jwtIssuer=` with `-c jwtAudience=` and `-c jwtScopes=` (several with commas; prod needs one). @default - callers sign with IAM
   * credentials
   */
  readonly jwt?: JwtSettings;
  /**
   * `-c dataKey=aws|own`: who holds the key of logs and of the bucket for large data. `own` is a key of the account, which costs 1 dollar a
   * month. @default aws
   */
  readonly dataKey: 'aws' | 'own';
  /** Limits of the HTTP API and of what it may cost. */
  readonly brakes: Brakes;
  /** `-c mailFrom=`: the sender of the shop's mails, an identity verified in SES. @default shop@example.com */
  readonly mailFrom: string;
}

const NAMES = [
  'stage',
  'alarmEmail',
  'jwtIssuer',
  'jwtAudience',
  'jwtScopes',
  'dataKey',
  'mailFrom',
  ...BRAKE_NAMES,
] as const;
type Name = (typeof NAMES)[number];

/** The CDK's own context keys have a colon: `aws:cdk:...`, `@aws-cdk/core:...`, look-ups. A setting has none. */
const SETTING = /^[^:]+$/;
const MAIL_ADDRESS = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/;

/**
 * Reads the settings from the app's context.
 *
 * @throws TypeError naming the setting, what it is, and what it may be
 */
export function readSettings(node: Node): Settings {
  refuseUnknownNames(node);
  const stage = readStage(text(node, 'stage') ?? 'dev');
  const alarmEmail = mailAddress(node, 'alarmEmail');
  if (stage.name === 'prod' && alarmEmail === undefined) {
    throw new TypeError(
      "stage 'prod' has alarms but nobody to tell; say who gets them: " +
        'npx cdk deploy --all -c stage=prod -c alarmEmail=you@example.com',
    );
  }
  const brakes = readBrakes(node, stage);
  if (brakes.monthlyBudget !== undefined && alarmEmail === undefined) {
    throw new TypeError(
      'monthlyBudget is set, but nobody would hear of it; add -c alarmEmail=you@example.com',
    );
  }
  return {
    stage,
    alarmEmail,
    brakes,
    jwt: readJwt(node, stage),
    dataKey: readDataKey(node),
    mailFrom: mailAddress(node, 'mailFrom') ?? 'shop@example.com',
  };
}

function refuseUnknownNames(node: Node): void {
  const known = new Set<string>(NAMES);
  const given = Object.keys(node.getAllContext()).filter((key) => SETTING.test(key));
  const unknown = given.find((key) => !known.has(key));
  if (unknown !== undefined) {
    throw new TypeError(`'${unknown}' is no setting; -c takes ${NAMES.join(', ')}`);
  }
}

function readStage(name: string): Stage {
  if (!isStageName(name)) {
    const names = Object.keys(STAGES).join(' or ');
    throw new TypeError(`stage '${name}' does not exist; use ${names}, for example -c stage=dev`);
  }
  return STAGES[name];
}

function isStageName(name: string): name is StageName {
  return Object.hasOwn(STAGES, name);
}

function readJwt(node: Node, stage: Stage): JwtSettings | undefined {
  const issuer = text(node, 'jwtIssuer');
  const audience = text(node, 'jwtAudience');
  const scopes = text(node, 'jwtScopes');
  if (issuer === undefined && audience === undefined) {
    if (scopes === undefined) return undefined;
    throw new TypeError('jwtScopes is set without jwtIssuer and jwtAudience; scopes are those of a token');
  }
  if (issuer === undefined || audience === undefined) {
    const [has, lacks] = issuer ? ['jwtIssuer', 'jwtAudience'] : ['jwtAudience', 'jwtIssuer'];
    throw new TypeError(
      `${has} is set without ${lacks}; tokens are checked against both, add -c ${lacks}=...`,
    );
  }
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== 'https:') {
    throw new TypeError(
      `jwtIssuer '${issuer}' is no https URL; take the 'iss' of your tokens, for example https://issuer.example.com`,
    );
  }
  if (scopes === undefined && stage.name === 'prod') {
    throw new TypeError(
      `every token of ${issuer} could publish; say which scope it takes, for example -c jwtScopes=events.publish`,
    );
  }
  return { issuer, audience: list(audience), scopes: scopes === undefined ? [] : list(scopes) };
}

function list(text: string): readonly string[] {
  return text.split(',').map((entry) => entry.trim());
}

function readDataKey(node: Node): Settings['dataKey'] {
  const value = text(node, 'dataKey') ?? 'aws';
  if (value !== 'aws' && value !== 'own') {
    throw new TypeError(
      `dataKey '${value}' does not exist; use aws (keys of CloudWatch and S3) or own (a key of the account)`,
    );
  }
  return value;
}

function mailAddress(node: Node, name: Name): string | undefined {
  const value = text(node, name);
  if (value !== undefined && !MAIL_ADDRESS.test(value)) {
    throw new TypeError(`${name} '${value}' is no e-mail address; use -c ${name}=you@example.com`);
  }
  return value;
}

function text(node: Node, name: Name): string | undefined {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.trim() === '') {
    throw new TypeError(`${name} is ${JSON.stringify(value)}; give it a value: -c ${name}=...`);
  }
  return value;
}
