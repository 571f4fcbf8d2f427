import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Consumer } from './consumer.ts';

/**
 * Lets a consumer send mail from this address, and tells its function which it is (`MAIL_FROM`).
 *
 * SES asks for leave on each resource that a mail touches: the sender's identity (the address, its domain or one above), the
 * configuration set that the identity has by default, and, in the sandbox, the recipient's identity. None but the address is known here, so
 * the address is what the permission is bound to.
 *
 * @param from an address that SES has verified, itself or a domain of it
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
 */
export function sendsMail(consumer: Consumer, from: string): Consumer {
  const all = (resource: string): string =>
    Stack.of(consumer).formatArn({ service: 'ses', resource, resourceName: '*' });
  consumer.function.addEnvironment('MAIL_FROM', from);
  consumer.function.addToRolePolicy(
    new PolicyStatement({
      actions: ['ses:SendEmail'],
      resources: [all('identity'), all('configuration-set')],
      conditions: { StringEquals: { 'ses:FromAddress': from } },
    }),
  );
  for (const resource of ['identity', 'configuration-set']) {
    Validations.of(consumer).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:${resource}/*]`,
      reason:
        'What SES looks up for a mail is not known here; the address that it is sent from is, and is a condition.',
    });
  }
  return consumer;
}
