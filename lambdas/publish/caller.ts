import { createHash } from 'node:crypto';
import type { ProducerRule } from '../../lib/contracts/producers/producer-rule.ts';

/** Who has sent a request, as API Gateway has found out. No client can write it. */
export type Caller =
  | { readonly kind: 'iam'; readonly arn: string }
  | { readonly kind: 'jwt'; readonly issuer: string; readonly subject: string }
  /** The bus runs on this machine, where nobody signs. */
  | { readonly kind: 'local' }
  /** The route has no authorizer. */
  | { readonly kind: 'anonymous' };

/** Set by API Gateway. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export interface RequestContext {
  readonly requestId?: string;
  readonly authorizer?: {
    readonly iam?: { readonly userArn?: string | null };
    readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> };
  };
}

const LABEL_CHARACTERS = 16;
const ASSUMED_ROLE = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//;
const ROLE = /^arn:([^:]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/;

/** @param onThisMachine whether the bus runs here, by the function's own environment: a request may say anything of itself */
export function callerOf({ authorizer }: RequestContext = {}, onThisMachine = false): Caller {
  const { iam, jwt } = authorizer ?? {};
  if (iam?.userArn) return { kind: 'iam', arn: iam.userArn };
  if (jwt?.claims) {
    const { iss, sub } = jwt.claims;
    return { kind: 'jwt', issuer: String(iss ?? ''), subject: String(sub ?? '') };
  }
  return { kind: onThisMachine ? 'local' : 'anonymous' };
}

/** Whether a declared producer is the caller. On this machine everybody may be anybody. */
export function isCaller(caller: Caller, { iam, jwt }: ProducerRule): boolean {
  switch (caller.kind) {
    case 'local':
      return true;
    case 'anonymous':
      return false;
    case 'iam':
      return iam !== undefined && (iam === caller.arn || isSession(caller.arn, iam));
    case 'jwt':
      return jwt !== undefined && caller.subject !== '' && jwt === caller.subject;
  }
}

/** A session of a role has the role's name in its ARN, but not its path. Names are unique in an account whatever the path is. */
function isSession(arn: string, role: string): boolean {
  const [, ...session] = ASSUMED_ROLE.exec(arn) ?? [];
  const [, ...declared] = ROLE.exec(role) ?? [];
  return session.length > 0 && session.join() === declared.join();
}

/**
 * The stamp of a caller that is no declared producer. It tells callers apart and names nobody: sessions and subjects are often somebody's
 * e-mail address. The log of the request has the whole.
 */
export function labelOf(caller: Caller): string {
  switch (caller.kind) {
    case 'local':
    case 'anonymous':
      return caller.kind;
    case 'iam': {
      const [, , account = '', role = ''] = ASSUMED_ROLE.exec(caller.arn) ?? [];
      return `iam-${digest(role ? `${account}/${role}` : caller.arn)}`;
    }
    case 'jwt':
      return `jwt-${digest(`${caller.issuer}|${caller.subject}`)}`;
  }
}

/** The caller as the log names it. */
export function principalOf(caller: Caller): string {
  if (caller.kind === 'iam') return caller.arn;
  return caller.kind === 'jwt' ? `${caller.issuer}#${caller.subject}` : caller.kind;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, LABEL_CHARACTERS);
}
