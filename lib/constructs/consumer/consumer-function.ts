import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { breakerOf } from '../../contracts/delivery/breaker.ts';
import { ENVIRONMENT, tableVariable } from '../../contracts/environment.ts';
import { isSaga } from '../../contracts/saga/saga-definition.ts';
import type { BusParts } from '../bus/i-event-bus.ts';
import { BundledFunction, type FunctionPlacement } from '../function/bundled-function.ts';
import type { Stage } from '../stage.ts';
import { breakerStatements, type ConsumerParts, consumerStatements } from './permissions.ts';
import { secretStatements, secretVariables } from './secret-places.ts';

export interface ConsumerFunctionProps extends FunctionPlacement {
  /** What the function works with. Its definition has all the variables of the function's own. */
  readonly parts: ConsumerParts;
  readonly bus: BusParts;
  /** Encrypts its log. @default - the keys of CloudWatch itself */
  readonly logKey: IKey | undefined;
  /** Whether X-Ray traces it. */
  readonly xray: boolean;
  /** What it is called in what it emits. */
  readonly emitter: string;
  readonly stage: Stage;
  readonly entry: string | undefined;
}

/** The function of a consumer, with the variables that its runtime reads and the permissions that it needs. */
export class ConsumerFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: ConsumerFunctionProps) {
    const { parts, bus, logKey, xray, emitter, stage, entry, vpc, vpcSubnets, securityGroups, layers } =
      props;
    const { definition } = parts;
    super(scope, id, {
      name: definition.name,
      entry,
      description: definition.description,
      stage,
      xray,
      logKey,
      logRetention: definition.logRetentionDays,
      architecture: architectureOf(definition),
      timeout: Duration.seconds(definition.timeoutSeconds),
      memorySize: definition.memoryMegabytes,
      reservedConcurrentExecutions: definition.reservedConcurrency,
      vpc,
      vpcSubnets,
      securityGroups,
      layers,
      recursiveLoop: isMeantToRecur(definition) ? RecursiveLoop.ALLOW : undefined,
      environment: {
        ...definition.environment,
        ...runtimeVariables(parts, bus, emitter),
        ...secretVariables(definition, stage),
      },
    });
    for (const statement of [
      ...consumerStatements(parts, bus),
      ...(breakerOf(definition) ? breakerStatements(this, bus, emitter) : []),
      ...secretStatements(this, definition, stage),
    ]) {
      this.addToRolePolicy(statement);
    }
  }
}

function architectureOf({ architecture }: ConsumerDefinition): Architecture {
  return architecture === 'x86_64' ? Architecture.X86_64 : Architecture.ARM_64;
}

/**
 * Whether its events may lead to itself again and again: a reminder that emits the next one, or a saga that tries once more. Lambda would drop
 * the events of such a chain after some 16 rounds. One that emits its own event at once is more likely a mistake, which costs money quickly.
 */
function isMeantToRecur(definition: ConsumerDefinition): boolean {
  const { emits, emitsLater, listensTo } = definition;
  const heard = new Set(listensTo.map(({ type }) => type));
  return isSaga(definition) || (emitsLater && emits.some(({ type }) => heard.has(type)));
}

/** What the runtime reads at start. */
function runtimeVariables(
  { definition, queues, idempotencyTable, tables }: ConsumerParts,
  bus: BusParts,
  emitter: string,
): Record<string, string> {
  const tableNames = [...tables].map(([role, { tableName }]) => [tableVariable(role), tableName] as const);
  return {
    [ENVIRONMENT.idempotencyTable]: idempotencyTable.tableName,
    [ENVIRONMENT.queueUrl]: queues.queue.queueUrl,
    [ENVIRONMENT.deadLetterQueueUrl]: queues.deadLetterQueue.queueUrl,
    [ENVIRONMENT.dataBucket]: bus.dataBucket.bucketName,
    ...(definition.emits.length > 0 && { [ENVIRONMENT.topicArn]: bus.topic.topicArn }),
    ...(definition.emitsLater && { [ENVIRONMENT.laterQueueUrl]: bus.laterQueue.queueUrl }),
    ...(definition.emits.length > 0 && emitter !== definition.name && { [ENVIRONMENT.emitterName]: emitter }),
    ...(breakerOf(definition) && {
      [ENVIRONMENT.controlQueueUrl]: bus.controlQueue.queueUrl,
      [ENVIRONMENT.intakeTable]: bus.intakeTableName,
      [ENVIRONMENT.consumerLabel]: emitter,
    }),
    ...Object.fromEntries(tableNames),
  };
}
