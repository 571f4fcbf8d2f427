import { tableVariable } from '../../contracts/environment.ts';
import { ENVIRONMENT_VARIABLE_PATTERN, MAX_QUEUE_NAME_LENGTH } from '../aws-limits.ts';
import { capitalize, stackName } from '../stack-name.ts';
import { STAGES } from '../stage.ts';
import type { Proof } from './prove-consumer.ts';

/** What the longest name of a queue has after the stack's: the role, a part of the stack's id, and `.fifo` if it is one. */
const QUEUE_NAME_REST = '-UndeliveredQueue-12345678.fifo';
/** Every consumer has a table of this role already. */
const TAKEN_ROLE = 'Idempotency';

/** SQS takes the names of its queues, on either kind of bus and in every stage. */
export const proveQueueName: Proof = ({ definition }) => {
  const { length } = `${stackName(STAGES.prod, definition.name)}${QUEUE_NAME_REST}`;
  if (length <= MAX_QUEUE_NAME_LENGTH) return [];
  return [
    `one of its queues would have a name of ${length} characters; SQS takes ${MAX_QUEUE_NAME_LENGTH}, so make the consumer's name ${length - MAX_QUEUE_NAME_LENGTH} shorter`,
  ];
};

/** Each of its own tables can have a construct and an environment variable named after its role. */
export const proveTableRoles: Proof = ({ definition }) => {
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
