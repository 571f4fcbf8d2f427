import { Annotations, Stack, Validations } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';

/** The kinds of resources that SES checks for one mail, beside the sender's address. */
const RESOURCES = ['identity', 'configuration-set'] as const;

/** Reserved domains, which nobody can verify. @see https://www.rfc-editor.org/rfc/rfc2606 */
const RESERVED_DOMAIN = /[@.](example\.(com|net|org)|example|invalid|localhost|test)$/i;

/**
 * Lets a function send mail from this address, which it gets as `MAIL_FROM`.
 *
 * SES checks the permission for each resource that a mail touches: the sender's identity (the address, its domain or one above), the
 * configuration set that the identity has by default, and, in the sandbox, the recipient's identity. None but the address is known here, so
 * the address is what the permission is bound to.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
 */
export function grantSendEmail(
  consumer: Construct,
  { sender, from, stage }: { readonly sender: LambdaFunction; readonly from: string; readonly stage: Stage },
): Grant {
  warnOfReservedDomain(consumer, from, stage);
  const stack = Stack.of(consumer);
  const resourceArns = RESOURCES.map((resource) =>
    stack.formatArn({ service: 'ses', resource, resourceName: '*' }),
  );
  sender.addEnvironment('MAIL_FROM', from);
  for (const resource of RESOURCES) {
    Validations.of(consumer).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:${resource}/*]`,
      reason:
        'What SES looks up for a mail is not known here; the address that it is sent from is, and is a condition.',
    });
  }
  return Grant.addToPrincipal({
    grantee: sender,
    actions: ['ses:SendEmail'],
    resourceArns,
    conditions: { StringEquals: { 'ses:FromAddress': from } },
  });
}

/** A warning, which fails the synthesis of most projects, where mail matters; a line where most run on a laptop. */
function warnOfReservedDomain(consumer: Construct, from: string, stage: Stage): void {
  if (!RESERVED_DOMAIN.test(from)) return;
  const text = `it sends mail from ${from}, and nobody can verify that domain in SES: on AWS every mail is refused. Give an address of yours, for example -c mailFrom=shop@...`;
  if (stage.terminationProtection) Annotations.of(consumer).addWarningV2('fanfare:mailFrom', text);
  else Annotations.of(consumer).addInfoV2('fanfare:mailFrom', text);
}
