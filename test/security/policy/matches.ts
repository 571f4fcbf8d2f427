import { accountOf, listOf, type Request, type Statement } from './policy.ts';

/** The values of a request, by key in lower case. */
export type Context = ReadonlyMap<string, readonly string[]>;

/**
 * Puts the values of a request in place of the policy variables of a text, such as `${aws:PrincipalAccount}`. A `*` or `?` in a value would
 * stand for itself; none of the values here has one.
 *
 * @throws TypeError for a variable that the request does not have, or that has several values
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function fillVariables(text: string, context: Context): string {
  return text.replace(/\$\{([^}]*)\}/g, (variable, key: string) => {
    const [value, ...more] = context.get(key.toLowerCase()) ?? [];
    if (value === undefined || more.length > 0 || /[*?]/.test(value))
      throw new TypeError(`the policy variable ${variable} in ${text} has no value that is supported`);
    return value;
  });
}

/**
 * Whether a text fits a pattern, in which `*` is any characters and `?` is one. Case matters.
 *
 * @throws TypeError for a policy variable that is not filled in
 */
export function matchesPattern(pattern: string, text: string): boolean {
  if (pattern.includes('${')) throw new TypeError(`the policy variable in ${pattern} is not supported`);
  const source = pattern
    .split(/([*?])/)
    .map((part) => (part === '*' ? '.*' : part === '?' ? '.' : RegExp.escape(part)))
    .join('');
  return new RegExp(`^${source}$`, 's').test(text);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
export function matchesAction({ Action, NotAction }: Statement, { action }: Request): boolean {
  const isListed = (patterns: Statement['Action']): boolean =>
    listOf(patterns).some((pattern) => matchesPattern(pattern.toLowerCase(), action.toLowerCase()));
  return NotAction === undefined ? isListed(Action) : !isListed(NotAction);
}

/**
 * A `*` of a resource may match colons too.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesResource(
  { Resource, NotResource }: Statement,
  { resource }: Request,
  context: Context,
): boolean {
  const isListed = (patterns: Statement['Resource']): boolean =>
    listOf(patterns).some((pattern) => matchesPattern(fillVariables(pattern, context), resource));
  // A role's trust policy names no resource: the role is the resource.
  if (Resource === undefined && NotResource === undefined) return true;
  return NotResource === undefined ? isListed(Resource) : !isListed(NotResource);
}

/**
 * How the statement of a resource's policy names the one who asks: itself, only its account (which leaves the decision to the
 * policies of its identity), or not at all.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function matchPrincipal(
  { Principal, NotPrincipal }: Statement,
  { principal }: Request,
): 'itself' | 'its account' | 'no' {
  if (NotPrincipal !== undefined) throw new TypeError('NotPrincipal is not supported');
  if (Principal === undefined) throw new TypeError('a statement of a resource policy needs a Principal');
  const named = Principal === '*' ? ['*'] : listOf(Principal.AWS);
  if (named.includes('*')) return 'itself';
  if (Principal !== '*' && 'service' in principal)
    return listOf(Principal.Service).includes(principal.service) ? 'itself' : 'no';
  if ('service' in principal) return 'no';
  if (named.includes(principal.arn)) return 'itself';
  const account = accountOf(principal.arn);
  const isAccount = (one: string): boolean =>
    one === account || (one.endsWith(':root') && accountOf(one) === account);
  return named.some(isAccount) ? 'its account' : 'no';
}
