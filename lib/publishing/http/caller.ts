import { createHash } from 'node:crypto';
import type { ProducerRule } from '../../contracts/producers/producer-rule.ts';

/** Who has sent a request, as API Gateway has authenticated it. No client can set it. */
export type Caller =
  | { readonly kind: 'iam'; readonly arn: string }
  | { readonly kind: 'jwt'; readonly issuer: string; readonly subject: string }
  /** The bus runs on this machine, where requests are not signed. */
  | { readonly kind: 'local' }
  /** The route has no authorizer. */
  | { readonly kind: 'anonymous' };

/** The part of a request that API Gateway sets. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
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

/** @param onThisMachine whether the bus runs on this machine. It comes from the function's environment, because a request can claim anything. */
export function callerOf({ authorizer }: RequestContext = {}, onThisMachine = false): Caller {
  const { iam, jwt } = authorizer ?? {};
  if (iam?.userArn) return { kind: 'iam', arn: iam.userArn };
  if (jwt?.claims) {
    const { iss, sub } = jwt.claims;
    return { kind: 'jwt', issuer: String(iss ?? ''), subject: String(sub ?? '') };
  }
  return { kind: onThisMachine ? 'local' : 'anonymous' };
}

/** Whether the caller is this declared producer. On this machine, every caller counts as every producer. */
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
    default:
      return caller satisfies never;
  }
}

/** Whether an ARN is a session of a role. A session's ARN has the role's name without its path; role names are unique in an account. */
function isSession(arn: string, role: string): boolean {
  const [, ...session] = ASSUMED_ROLE.exec(arn) ?? [];
  const [, ...declared] = ROLE.exec(role) ?? [];
  return session.length > 0 && session.join() === declared.join();
}

/**
 * The value of `producer` for a caller that is not a declared producer. It differs between callers but does not name a person: a
 * session or subject is often an e-mail address. The log of the request has the full name.
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
    default:
      return caller satisfies never;
  }
}

/** The name of the caller in the log. */
export function principalOf(caller: Caller): string {
  if (caller.kind === 'iam') return caller.arn;
  return caller.kind === 'jwt' ? `${caller.issuer}#${caller.subject}` : caller.kind;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, LABEL_CHARACTERS);
}
