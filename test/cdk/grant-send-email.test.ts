import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../security/policy/evaluate.ts';
import { ACCOUNT, REGION, readPolicies } from '../security/policy/read-policies.ts';
import { synthesize } from './synthesized.ts';

interface Statement {
  readonly Action: string | readonly string[];
}

const FROM = 'shop@orders.mail.example.com';
const stacks = synthesize({ mailFrom: FROM });
const policies = readPolicies(stacks);

/** The statements about SES, by stack. */
function statementsOf(stack: string): Statement[] {
  const template = Template.fromStack(stacks.get(stack) ?? expect.fail());
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  const all: Statement[] = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  return all.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('ses:')));
}

/** Whether a function may send from an address, of one of the resources that SES looks at. */
function decide(stack: string, resource: string, from?: string) {
  const role = policies.roleOf(stack);
  return evaluate({
    identityPolicies: role.policies,
    request: {
      principal: { arn: role.arn },
      action: 'ses:SendEmail',
      resource: `arn:aws:ses:${REGION}:${ACCOUNT}:${resource}`,
      context: from === undefined ? {} : { 'ses:FromAddress': from },
    },
  });
}

describe('a consumer that sends mail', () => {
  it.each([
    ['its address is the verified identity', `identity/${FROM}`],
    ['its domain is', 'identity/orders.mail.example.com'],
    ['a domain above is', 'identity/example.com'],
    ['the identity has a configuration set', 'configuration-set/tracked'],
    ['the recipient is an identity, as in the sandbox', 'identity/customer@elsewhere.example'],
  ])('may do so when %s', (_, resource) => {
    expect(decide('Email', resource, FROM)).toBe('allowed');
  });

  it.each([
    ['another address of the same domain', 'boss@orders.mail.example.com'],
    ['its address in another domain', 'shop@example.com'],
    ['an address that begins like its own', `${FROM}.example.org`],
    ['its address in other letters', FROM.toUpperCase()],
    ['no address', undefined],
  ])('may not send from %s', (_, from) => {
    expect(decide('Email', 'identity/orders.mail.example.com', from)).toBe('denied by default');
  });

  it('may not use a template of the account', () => {
    expect(decide('Email', 'template/invoice', FROM)).toBe('denied by default');
  });

  it('may send and nothing else, and others may not', () => {
    expect(statementsOf('Email').map(({ Action }) => Action)).toEqual(['ses:SendEmail']);
    for (const stack of stacks.keys()) if (stack !== 'Email') expect(statementsOf(stack)).toEqual([]);
    expect(decide('Inventory', `identity/${FROM}`, FROM)).toBe('denied by default');
  });
});
