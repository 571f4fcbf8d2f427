import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { synthesize } from './synthesized.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: { readonly StringEquals?: { readonly 'ses:FromAddress'?: string } };
}

const FROM = 'shop@orders.mail.example.com';
const stacks = synthesize({ mailFrom: FROM });

/** The statements about SES, by stack. */
function statementsOf(stack: string): Statement[] {
  const template = Template.fromStack(stacks.get(stack) ?? expect.fail());
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  const all: Statement[] = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  return all.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('ses:')));
}

/** Whether a function may send from an address, by the resources that SES looks at. */
function allows(from: string, resource: string): boolean {
  return statementsOf('Email').some(({ Resource, Condition }) => {
    const patterns = [Resource]
      .flat()
      .map((one) => JSON.stringify(one).match(/ses:.*?:([\w-]+\/[^"]+)"/)?.[1]);
    const fits = patterns.some((pattern = '') =>
      pattern.endsWith('*') ? resource.startsWith(pattern.slice(0, -1)) : resource === pattern,
    );
    return fits && Condition?.StringEquals?.['ses:FromAddress'] === from;
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
    expect(allows(FROM, resource)).toBe(true);
  });

  it('may not send from another address of the same domain', () => {
    expect(allows('boss@orders.mail.example.com', 'identity/orders.mail.example.com')).toBe(false);
  });

  it('may send and nothing else, and others may not', () => {
    expect(statementsOf('Email').map(({ Action }) => Action)).toEqual(['ses:SendEmail']);
    for (const stack of stacks.keys()) if (stack !== 'Email') expect(statementsOf(stack)).toEqual([]);
  });
});
