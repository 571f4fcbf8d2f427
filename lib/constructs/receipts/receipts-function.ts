import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { ERROR_ATTRIBUTE, RECORD_ATTRIBUTES } from '../../contracts/receipts/record-attributes.ts';
import { sourceFile } from '../../project/source-file.ts';
import { BundledFunction } from '../function/bundled-function.ts';
import type { Settings } from '../settings.ts';

/** Two requests to AWS after each other, with their retries. */
const TIMEOUT = Duration.seconds(10);
const MEMORY_MEGABYTES = 512;
/** How the names of idempotency tables go on after the name of their stack: with the id of their construct. */
const IDEMPOTENCY_TABLES = '*IdempotencyTable*';

export interface ReceiptsFunctionProps {
  readonly busName: string;
  /** Where the consumers of the bus register themselves. */
  readonly consumersPath: string;
  readonly settings: Settings;
  /** Encrypts its log. @default - the keys of CloudWatch itself */
  readonly logKey?: IKey | undefined;
}

/** The function behind `GET /events/{id}`. It reads the list of consumers and their records of one event, and writes nothing. */
export class ReceiptsFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: ReceiptsFunctionProps) {
    const { consumersPath, settings, logKey } = props;
    super(scope, id, {
      name: 'receipts',
      entry: sourceFile('../../receipts/handler', import.meta.url),
      description: 'Says what each consumer has done with an event.',
      stage: settings.stage,
      xray: settings.xray,
      logKey,
      timeout: TIMEOUT,
      memorySize: MEMORY_MEGABYTES,
      environment: {
        [ENVIRONMENT.consumersPath]: consumersPath,
        ...(settings.receiptReasons === 'off' && { [ENVIRONMENT.receiptReasons]: 'off' }),
      },
    });
    for (const statement of readStatements(this, props)) this.addToRolePolicy(statement);
    Validations.of(scope).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/${IDEMPOTENCY_TABLES}]`,
      reason:
        'Consumers come and go without a change of the bus: a condition on the tag fanfare:bus names their tables, a pattern the idempotency ' +
        'tables among them, and a condition the attributes that may be read.',
    });
  }
}

/**
 * The registrations of the bus, and of records of its consumers what a receipt needs. The data of events that a record keeps until they are
 * published is not among it, and neither are the consumers' own tables.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_dynamodb_attributes.html
 */
function readStatements(
  scope: Construct,
  { busName, consumersPath, settings }: ReceiptsFunctionProps,
): PolicyStatement[] {
  const stack = Stack.of(scope);
  const attributes =
    settings.receiptReasons === 'off' ? [...RECORD_ATTRIBUTES] : [...RECORD_ATTRIBUTES, ERROR_ATTRIBUTE];
  return [
    new PolicyStatement({
      actions: ['ssm:GetParametersByPath'],
      resources: [
        stack.formatArn({
          service: 'ssm',
          resource: 'parameter',
          // The path begins with the slash that an ARN has there.
          resourceName: consumersPath.slice(1),
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ],
    }),
    new PolicyStatement({
      actions: ['dynamodb:GetItem'],
      resources: [
        stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: IDEMPOTENCY_TABLES }),
      ],
      conditions: {
        StringEquals: { 'aws:ResourceTag/fanfare:bus': busName },
        // GetItem has no parameter Select. AWS documents the key with and without IfExists for it, so the read works in both cases.
        StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        // ForAllValues holds for a request that names no attributes, so they have to be there.
        Null: { 'dynamodb:Attributes': 'false' },
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes },
      },
    }),
  ];
}
