import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { tableVariable } from '../../contracts/environment.ts';
import { ENVIRONMENT_VARIABLE_PATTERN, MAX_QUEUE_NAME_LENGTH } from '../aws-limits.ts';
import { capitalize, stackName } from '../stack-name.ts';
import type { Stage } from '../stage.ts';
import type { Validation } from './rule.ts';

/** What the longest name of a queue has after the stack's: the role, a part of the stack's id, and `.fifo` if it is one. */
const QUEUE_NAME_REST = '-UndeliveredQueue-12345678.fifo';
/** Every consumer has a table of this role already. */
const TAKEN_ROLE = 'Idempotency';

/**
 * SQS takes the names of its queues, on either kind of bus, in this stage and in the stage `prod`.
 *
 * @throws Error that says by how much they are too long
 */
export function validateQueueName(
  { name: consumer }: Pick<ConsumerDefinition, 'name'>,
  { app, name }: Stage,
): void {
  const lengths = [name, 'prod'].map(
    (stage) => `${stackName({ app, name: stage }, consumer)}${QUEUE_NAME_REST}`.length,
  );
  const length = Math.max(...lengths);
  if (length <= MAX_QUEUE_NAME_LENGTH) return;
  throw new Error(
    `consumer '${consumer}' cannot work: one of its queues would have a name of ${length} characters, and SQS takes ` +
      `${MAX_QUEUE_NAME_LENGTH}; make the name of the consumer, the app or the stage ${length - MAX_QUEUE_NAME_LENGTH} shorter`,
  );
}

/** The last parts of names of stacks that an app has beside its consumers and bridges. */
const TAKEN_NAMES = ['alarms', 'bus', 'monitoring'];

/** Names that make the name of the queue read as that of another role to the dashboard, which compares words. */
const RESERVED_ENDING = /(^|-)(dead-letter|undelivered)$/;

/** The stack of a consumer or a bridge has a name of its own. */
export function validateStackRole(name: string): readonly string[] {
  if (!TAKEN_NAMES.includes(name)) return [];
  return [`its stack would have the name of the stack ${capitalize(name)}; give it another name`];
}

/** Its stack has a name of its own, and the dashboard can tell its queues apart. */
export const validateConsumerName: Validation = ({ definition: { name } }) => [
  ...validateStackRole(name),
  ...(RESERVED_ENDING.test(name)
    ? ['the dashboard could not tell its queue from a dead-letter queue; end its name in another word']
    : []),
];

/** Each of its own tables can have a construct and an environment variable named after its role. */
export const validateTableRoles: Validation = ({ definition }) => {
  const roles = Object.keys(definition.tables);
  const invalid = roles.filter((role) => !ENVIRONMENT_VARIABLE_PATTERN.test(tableVariable(role)));
  const taken = roles.filter((role) => capitalize(role) === TAKEN_ROLE);
  const twins = roles.filter((role, index) => {
    return roles.slice(0, index).some((other) => tableVariable(other) === tableVariable(role));
  });
  return [
    ...invalid.map((role) => `its table '${role}' has no role that Lambda takes; use letters, digits and _`),
    ...taken.map((role) => `its table '${role}' has the role of the idempotency table; give it another`),
    ...twins.map((role) => `its table '${role}' has the role of another in other letters; give it another`),
  ];
};
