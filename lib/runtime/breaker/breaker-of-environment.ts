import { requireEnvironment } from '../../aws/require-environment.ts';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { breakerOf } from '../../contracts/delivery/breaker.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import type { Ports } from '../dependencies.ts';
import { type BreakerProps, createBreaker } from './breaker.ts';
import { createBreakerPorts } from './breaker-ports.ts';
import type { Breaker } from './process-breaker.ts';

/**
 * The breaker of a consumer's process. Undefined when its definition has none, and when its stack has given it none: its bus cannot stop it.
 */
export function createBreakerOfEnvironment(
  definition: ConsumerDefinition,
  ports: Pick<Ports, 'dynamodb' | 'sqs' | 'clock'>,
  log: BreakerProps['log'],
): Breaker | undefined {
  const policy = breakerOf(definition);
  const controlQueueUrl = process.env[ENVIRONMENT.controlQueueUrl];
  if (!policy || controlQueueUrl === undefined) return undefined;
  const places = {
    controlQueueUrl,
    consumer: requireEnvironment(ENVIRONMENT.consumerLabel),
    intakeTable: requireEnvironment(ENVIRONMENT.intakeTable),
    queueUrl: requireEnvironment(ENVIRONMENT.queueUrl),
    functionName: requireEnvironment('AWS_LAMBDA_FUNCTION_NAME'),
  };
  return createBreaker({
    policy,
    places,
    maxAttempts: definition.retry.maxAttempts,
    timeoutSeconds: definition.timeoutSeconds,
    ports: createBreakerPorts(ports, places),
    clock: ports.clock,
    log,
  });
}
