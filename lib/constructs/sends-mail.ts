import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Consumer } from './consumer.ts';

/**
 * Lets a consumer send mail from this address, and tells its function which it is (`MAIL_FROM`).
 *
 * @param from an address that SES has verified, itself or its domain
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
 */
export function sendsMail(consumer: Consumer, from: string): Consumer {
  const [, domain = ''] = from.split('@');
  const identity = (resourceName: string): string =>
    Stack.of(consumer).formatArn({ service: 'ses', resource: 'identity', resourceName });
  consumer.function.addEnvironment('MAIL_FROM', from);
  consumer.function.addToRolePolicy(
    new PolicyStatement({ actions: ['ses:SendEmail'], resources: [identity(from), identity(domain)] }),
  );
  return consumer;
}
