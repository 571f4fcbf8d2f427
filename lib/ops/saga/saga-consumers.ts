import type { DeployedConsumer, ReadConsumers } from '../deployed-consumer.ts';
import { consumerNamed, lackOf } from '../deployment.ts';
import { UnknownNameError } from '../errors.ts';
import type { Problem } from '../problem.ts';

/** A consumer that is a saga. */
export interface SagaConsumer extends Pick<DeployedConsumer, 'label'> {
  readonly sagaTable: string;
}

/** The consumers of a deployment that are sagas, sorted by label. */
export function sagaConsumers({ consumers }: Pick<ReadConsumers, 'consumers'>): readonly SagaConsumer[] {
  return consumers.flatMap(({ label, sagaTable }) => (sagaTable === undefined ? [] : [{ label, sagaTable }]));
}

/** Stacks of consumers that say too little: whether these are sagas is not known. */
export function unknownConsumers({ incomplete }: Pick<ReadConsumers, 'incomplete'>): readonly Problem[] {
  return incomplete
    .filter(({ consumer }) => consumer !== undefined)
    .map((stack) => ({ resource: 'stack', name: stack.stackName, missing: false, reason: lackOf(stack) }));
}

/**
 * @throws UnknownNameError when there is no consumer of that name, or it is no saga; it names those that are
 * @throws AmbiguousNameError that lists them when several apps have one of that name
 * @throws UnreadableError when its stack says too little
 */
export function sagaConsumerNamed(deployment: ReadConsumers, typed: string): SagaConsumer {
  const { label, sagaTable } = consumerNamed(deployment, typed);
  if (sagaTable !== undefined) return { label, sagaTable };
  const labels = sagaConsumers(deployment).map((one) => one.label);
  const others = labels.length === 0 ? 'no consumer here is' : `these are: ${labels.join(', ')}`;
  throw new UnknownNameError(`the consumer '${label}' is no saga; ${others}`);
}
