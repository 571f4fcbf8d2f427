import { ENVIRONMENT, tableVariable } from '../../contracts/environment.ts';
import type { LocalStack } from '../../local/local-stack.ts';

/** A consumer as it is deployed on this machine: what its function is told by its environment. */
export interface DeployedConsumer {
  readonly deadLetterQueueUrl: string;
  /** Physical name of one of its own tables. @throws Error when it has no table of this role */
  tableName(role: string): string;
}

/** The variable in which the constructs give a function the name of its consumer or bridge. */
export const NAME = 'POWERTOOLS_SERVICE_NAME';

/** Whether a function is not that of the archive. A consumer may have its name, and has a table too. */
export function isNotArchive(environment: Readonly<Record<string, string>>): boolean {
  return environment[NAME] !== 'archive' || environment[ENVIRONMENT.idempotencyTable] !== undefined;
}

/**
 * Whether a function keeps messages in its queue until they are due: that of events that come later, and the controller that stops and resumes
 * consumers.
 */
export function isTimer(environment: Readonly<Record<string, string>>): boolean {
  return [ENVIRONMENT.cancellationsTable, ENVIRONMENT.busName].some(
    (name) => environment[name] !== undefined,
  );
}

/** @throws Error naming the consumers that there are */
export function findConsumer(local: LocalStack, name: string): DeployedConsumer {
  const environments = [...local.functions.values()].map(({ configuration }) => configuration.environment);
  const consumers = environments.filter(
    (one) => one[ENVIRONMENT.deadLetterQueueUrl] !== undefined && isNotArchive(one) && !isTimer(one),
  );
  const environment = consumers.find((one) => one[NAME] === name);
  if (!environment) {
    const known = consumers.map((one) => one[NAME]).join(', ') || 'none';
    throw new Error(`the app has no consumer ${name}; its consumers are: ${known}`);
  }
  return {
    deadLetterQueueUrl: environment[ENVIRONMENT.deadLetterQueueUrl] ?? '',
    tableName: (role) => {
      const tableName = environment[tableVariable(role)];
      if (tableName === undefined) throw new Error(`the consumer ${name} has no table ${role}`);
      return tableName;
    },
  };
}
