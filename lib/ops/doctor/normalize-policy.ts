/** A statement of a policy. */
type Statement = Readonly<Record<string, unknown>>;

/** Whether a value is an IAM policy document. */
export function isPolicy(value: unknown): value is { readonly Statement: unknown } {
  return typeof value === 'object' && value !== null && 'Statement' in value;
}

/**
 * Converts a policy to one normal form. Services rewrite policies, and several forms mean the same.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function normalizePolicy(policy: { readonly Statement: unknown }): Readonly<Record<string, unknown>> {
  const { Statement, ...rest } = policy;
  return { ...rest, Statement: listOf(Statement).map((one) => normalizeStatement(one as Statement)) };
}

function normalizeStatement(statement: Statement): Statement {
  return Object.fromEntries(
    Object.entries(statement).flatMap(([name, value]) => {
      if (/^(Not)?(Action|Resource)$/.test(name)) return [[name, listOf(value).map(String).toSorted()]];
      if (/^(Not)?Principal$/.test(name)) return [[name, normalizePrincipal(value)]];
      if (name === 'Condition') return [[name, normalizeCondition(value)]];
      return [[name, value]];
    }),
  );
}

function normalizePrincipal(principal: unknown): unknown {
  if (typeof principal === 'string') return { AWS: [principal] };
  return mapValues(principal, (value) => listOf(value).map(String).toSorted());
}

/** Condition keys are not case-sensitive, and their values are strings. */
function normalizeCondition(condition: unknown): unknown {
  return mapValues(condition, (operands) =>
    Object.fromEntries(
      Object.entries(Object(operands)).map(([key, value]) => [
        key.toLowerCase(),
        listOf(value).map(String).toSorted(),
      ]),
    ),
  );
}

function mapValues(value: unknown, change: (one: unknown) => unknown): unknown {
  return Object.fromEntries(Object.entries(Object(value)).map(([key, one]) => [key, change(one)]));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
