/** One text or several, as policies write them. */
export type Texts = string | readonly string[];

/** A statement of a policy, without intrinsic functions: every ARN is a text. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, Texts>>;
  readonly NotPrincipal?: unknown;
  readonly Action?: Texts;
  readonly NotAction?: Texts;
  readonly Resource?: Texts;
  readonly NotResource?: Texts;
  /** By operator, by key. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Texts | boolean | number>>>>;
}

export interface Policy {
  readonly Version?: string;
  readonly Statement: Statement | readonly Statement[];
}

/** Who asks: a role or user, or a service of AWS in its own name. */
export type Principal = { readonly arn: string } | { readonly service: string };

/** What is asked for. */
export interface Request {
  readonly principal: Principal;
  /** Such as `sns:Publish`. */
  readonly action: string;
  /** ARN, or `*` for actions that name no resource. */
  readonly resource: string;
  /** 12 digits; the account that the resource is in. @default - that of the resource's ARN, or else the principal's */
  readonly resourceAccount?: string;
  /** The condition keys that the request carries. `aws:PrincipalArn` and `aws:PrincipalAccount` are filled in. */
  readonly context?: Readonly<Record<string, Texts>>;
}

export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

/** The account of an ARN, or undefined when it names none, as those of buckets. */
export function accountOf(arn: string): string | undefined {
  return arn.split(':')[4] || undefined;
}
