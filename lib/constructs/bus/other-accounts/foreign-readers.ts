import { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, AnyPrincipal, type Conditions, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { checkOtherAccount } from './account-id.ts';

/** Who outside the account of a bus may subscribe to it and read its large data. */
export interface ForeignReaders {
  /** Ids of accounts. */
  readonly accounts: readonly string[];
  /** Id of an organization of AWS Organizations, all of whose accounts may. */
  readonly organizationId: string | undefined;
}

export interface ForeignReadersProps {
  /**
   * Other accounts, 12 digits each, whose consumers may subscribe to the bus and read its large data. At most 30: more do not fit into the
   * policy of the topic. See docs/other-repositories.md.
   *
   * @default - only the account of the bus
   */
  readonly allowAccounts?: readonly string[] | undefined;
  /**
   * Id of an organization of AWS Organizations, such as `o-a1b2c3d4e5`. The consumers of all its accounts may subscribe to the bus and read
   * its large data, those of later accounts too.
   *
   * @default - only the account of the bus, and `allowAccounts`
   */
  readonly organizationId?: string | undefined;
}

/** Two statements of about 350 bytes for each account; the policy of a topic has 30 KB. @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html */
const MAX_ACCOUNTS = 30;
/** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;

/** @throws TypeError naming the option, what it is, and what it may be */
export function readForeignReaders(
  scope: Construct,
  { allowAccounts: accounts = [], organizationId }: ForeignReadersProps,
): ForeignReaders {
  for (const id of accounts) checkOtherAccount(scope, 'allowAccounts', id);
  const twice = accounts.find((id, index) => accounts.indexOf(id) !== index);
  if (twice !== undefined) throw new TypeError(`allowAccounts has ${twice} twice; list each account once`);
  if (accounts.length > MAX_ACCOUNTS) {
    throw new TypeError(
      `allowAccounts has ${accounts.length} accounts, and the policy of a topic has room for ${MAX_ACCOUNTS}; ` +
        'allow the accounts of an organization with organizationId',
    );
  }
  if (organizationId !== undefined && !ORGANIZATION_ID.test(organizationId)) {
    throw new TypeError(
      `organizationId '${organizationId}' is no id of an organization; it is one like o-a1b2c3d4e5: ` +
        'aws organizations describe-organization --query Organization.Id',
    );
  }
  return { accounts, organizationId };
}

/** Principals of a statement, and the conditions under which it means them. */
export interface Readers {
  readonly principals: readonly IPrincipal[];
  readonly conditions: Conditions;
}

/** The readers for the statements of a resource: the accounts together, and the organization. */
export function readersOf(
  scope: Construct,
  { accounts, organizationId }: ForeignReaders,
): readonly Readers[] {
  return [
    ...(accounts.length === 0
      ? []
      : [{ principals: accounts.map((id) => new AccountPrincipal(id)), conditions: {} }]),
    ...(organizationId === undefined
      ? []
      : [{ principals: [new AnyPrincipal()], conditions: ofOrganization(scope, organizationId) }]),
  ];
}

/**
 * Holds for the other accounts of an organization. The account of the bus is left out: a statement for everybody would let each of its roles
 * in, also those that IAM allows nothing.
 */
export function ofOrganization(
  scope: Construct,
  organizationId: string,
): Record<'StringEquals' | 'StringNotEquals', Record<string, string>> {
  return {
    StringEquals: { 'aws:PrincipalOrgID': organizationId },
    StringNotEquals: { 'aws:PrincipalAccount': Stack.of(scope).account },
  };
}
