import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The packs of cdk-nag that the tests run, by the names in the ids of their rules. */
export type Pack = 'AwsSolutions' | 'NIST.800.53.R5' | 'HIPAA.Security' | 'PCI.DSS.321' | 'Serverless';

export interface AcceptedRule {
  readonly packs: readonly Pack[];
  /** Why the rule is not followed, for the reviewer of the deployment. docs/security.md has the same text. */
  readonly reason: string;
}

const NIST: Pack = 'NIST.800.53.R5';
const HIPAA: Pack = 'HIPAA.Security';
const PCI: Pack = 'PCI.DSS.321';

/**
 * Rules of cdk-nag that the stacks do not follow, with the true reason of each. A test holds them together with docs/security.md, and
 * fails when a pack finds anything else.
 */
export const ACCEPTED_RULES = {
  S1: {
    packs: ['AwsSolutions'],
    reason:
      'Profile dev has no access logs of its bucket: a stack cannot be destroyed with a bucket that holds logs. Profile prod has them.',
  },
  S3BucketLoggingEnabled: {
    packs: [NIST, HIPAA, PCI],
    reason:
      'Profile dev has no access logs of its bucket: a stack cannot be destroyed with a bucket that holds logs. Profile prod has them.',
  },
  S3BucketReplicationEnabled: {
    packs: [NIST, HIPAA, PCI],
    reason:
      'The bucket holds parts of messages on their way, for 28 days, archived events, and access logs. The queues that the messages are in are in one region too; a copy elsewhere would only be one more place with personal data.',
  },
  S3BucketVersioningEnabled: {
    packs: [NIST, HIPAA, PCI],
    reason:
      'The key of large data has the hash of what it holds, and its reader checks that hash: nobody changes what a message refers to unnoticed. An object of the archive has a key of its own and is written once. Old versions would keep what was erased.',
  },
  S3DefaultEncryptionKMS: {
    packs: [NIST, HIPAA, PCI],
    reason:
      'By default S3 encrypts with its own keys. -c dataKey=own gives the bucket of large data a key of the account. S3 delivers access logs only to a bucket that is encrypted with its own keys.',
  },
  CloudWatchLogGroupEncrypted: {
    packs: [NIST, HIPAA, PCI],
    reason:
      'By default CloudWatch encrypts with its own keys. -c dataKey=own gives the logs a key of the account.',
  },
  IAMNoInlinePolicy: {
    packs: [NIST, HIPAA, PCI],
    reason:
      'Each role belongs to one function, and its policy to that role alone: it is made, changed and deleted with it, and can be attached to nobody else.',
  },
  LambdaConcurrency: {
    packs: [NIST, HIPAA],
    reason:
      'Calls are limited where they come from: consumers by the maximum concurrency of their event source mapping, the publish function by the throttle of the API, and in prod by a concurrency of its own. Reserved concurrency would be taken from the other functions of the account.',
  },
  LambdaDLQ: {
    packs: [NIST, HIPAA, 'Serverless'],
    reason:
      'Lambda uses the dead-letter queue of a function for asynchronous calls only. These are called synchronously, by API Gateway and by the event source mapping; consumers have the dead-letter queue of their queue.',
  },
  LambdaInsideVPC: {
    packs: [NIST, HIPAA, PCI],
    reason:
      'The functions call AWS services by TLS and IAM, and nothing in a network of the account. A VPC would add endpoints or a NAT gateway, and protect nothing that is there.',
  },
  LambdaTracing: {
    packs: ['Serverless'],
    reason:
      'X-Ray costs 5 dollars for a million traces, more than all else of a small bus together, and sees Lambda alone: nothing is instrumented. -c xray=on turns it on; fanfare trace and the logs follow an event without it.',
  },
  LambdaEventSourceMappingDestination: {
    packs: ['Serverless'],
    reason:
      'A mapping of an SQS queue takes no destination for failures; what fails goes to the dead-letter queue of the queue.',
  },
  DynamoDBInBackupPlan: {
    packs: [NIST, HIPAA],
    reason:
      'Profile prod has point-in-time recovery over 35 days. A plan of AWS Backup, with copies in another account, is the choice of the account; it finds tables by the tag fanfare:stage.',
  },
  DDB3: {
    packs: ['AwsSolutions'],
    reason:
      'Profile dev holds nothing that anybody would restore, and is destroyed with its data. Profile prod has point-in-time recovery.',
  },
  DynamoDBPITREnabled: {
    packs: [NIST, HIPAA],
    reason:
      'Profile dev holds nothing that anybody would restore, and is destroyed with its data. Profile prod has point-in-time recovery.',
  },
  SQS3: {
    packs: ['AwsSolutions'],
    reason:
      'It is itself a dead-letter queue: that of the subscription, which SNS fills, that of schedules, or that of a bridge. The control queue has none that SQS fills: its messages are timers, received more often than SQS can count, and the controller itself puts away what it cannot read.',
  },
  SQSRedrivePolicy: {
    packs: ['Serverless'],
    reason:
      'These are themselves dead-letter queues: of a queue, of a subscription, of schedules, and of a bridge. The control queue has none that SQS fills: its messages are timers, received more often than SQS can count, and the controller itself puts away what it cannot read.',
  },
  SNSRedrivePolicy: {
    packs: ['Serverless'],
    reason:
      'The subscriptions are those of the alarms: a mail, or a service on call. An alarm whose notification is lost is still on in CloudWatch and in fanfare status, and an old notification helps nobody.',
  },
} as const satisfies Readonly<Record<string, AcceptedRule>>;

/** Acknowledges that a construct, and everything in it, does not follow these rules, with the reason of each. */
export function acceptRules(scope: IConstruct, ...rules: readonly (keyof typeof ACCEPTED_RULES)[]): void {
  for (const rule of rules) {
    const { packs, reason } = ACCEPTED_RULES[rule];
    for (const pack of packs) Validations.of(scope).acknowledge({ id: `${pack}-${rule}`, reason });
  }
}
