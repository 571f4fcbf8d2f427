import { conditionsHold } from './conditions.ts';
import { type Context, matchesAction, matchesResource, matchPrincipal } from './matches.ts';
import { accountOf, listOf, type Policy, type Request, type Statement } from './policy.ts';

export type Decision = 'allowed' | 'denied by default' | 'explicitly denied';

export interface Evaluation {
  /** Of the role or user that asks. A service of AWS has none. */
  readonly identityPolicies?: readonly Policy[];
  /** Of the resource that is asked for. */
  readonly resourcePolicies?: readonly Policy[];
  readonly request: Request;
}

/**
 * What these decide only by the policy of the resource: without it, or its leave to go by identities, nobody may.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
 */
const NEEDS_RESOURCE_POLICY = /^(kms:|sts:AssumeRole)/i;

/**
 * Decides on a request as IAM does: an explicit denial wins, and what nobody allows is denied. Within one account the
 * identity's policies or the resource's are enough; from another account it takes both. Boundaries, session policies and
 * the policies of an organization are left out: the stacks have none.
 *
 * @throws TypeError for what it does not know, so that no test passes by it
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate({ identityPolicies = [], resourcePolicies = [], request }: Evaluation): Decision {
  const context = contextOf(request);
  const fits = (statement: Statement): boolean =>
    matchesAction(statement, request) &&
    matchesResource(statement, request, context) &&
    conditionsHold(statement, context);
  const ofIdentity = statementsOf(identityPolicies).filter(fits);
  const ofResource = statementsOf(resourcePolicies)
    .map((statement) => ({ statement, named: matchPrincipal(statement, request) }))
    .filter(({ statement, named }) => named !== 'no' && fits(statement));

  const denied = [...ofIdentity, ...ofResource.map(({ statement }) => statement)];
  if (denied.some(({ Effect }) => Effect === 'Deny')) return 'explicitly denied';

  const byIdentity = ofIdentity.length > 0;
  const byResource = ofResource.some(({ named }) => named === 'itself');
  const byAccount = byResource || ofResource.some(({ named }) => named === 'its account');
  return decide(request, { byIdentity, byResource, byAccount }) ? 'allowed' : 'denied by default';
}

interface Grants {
  readonly byIdentity: boolean;
  /** The resource's policy names the one who asks. */
  readonly byResource: boolean;
  /** It names that, or the account. */
  readonly byAccount: boolean;
}

function decide({ principal, action, resource, resourceAccount }: Request, grants: Grants): boolean {
  const { byIdentity, byResource, byAccount } = grants;
  if ('service' in principal) return byResource;
  const home = accountOf(principal.arn);
  const isSameAccount = (resourceAccount ?? accountOf(resource) ?? home) === home;
  if (!isSameAccount) return byIdentity && byAccount;
  return byResource || (byIdentity && (byAccount || !NEEDS_RESOURCE_POLICY.test(action)));
}

function statementsOf(policies: readonly Policy[]): readonly Statement[] {
  return policies.flatMap(({ Statement }) => listOf<Statement>(Statement));
}

function contextOf({ principal, context = {} }: Request): Context {
  const own: Record<string, string> =
    'arn' in principal
      ? {
          'aws:PrincipalArn': principal.arn,
          'aws:PrincipalAccount': accountOf(principal.arn) ?? '',
          'aws:PrincipalIsAWSService': 'false',
        }
      : { 'aws:PrincipalIsAWSService': 'true' };
  return new Map(
    Object.entries({ ...own, ...context }).map(([key, values]) => [key.toLowerCase(), listOf(values)]),
  );
}
