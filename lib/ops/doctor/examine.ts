import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer, Deployment } from '../deployment.ts';
import { checkAlarms } from './check-alarms.ts';
import { checkQueues } from './check-queues.ts';
import { checkSubscription } from './check-subscription.ts';
import { checkTopic } from './check-topic.ts';
import type { Finding } from './finding.ts';
import { readExpected } from './read-expected.ts';

export interface ExamineOptions {
  /** What is synthesized: the deployment is held against it. */
  readonly assemblyDirectory: string;
  /** Types on the wire that contracts know. */
  readonly knownTypes: readonly string[];
}

/** Looks at a deployment for what is not as it was synthesized, and for the usual traps. Nothing is changed. */
export async function examine(
  clients: OpsClients,
  deployment: Deployment,
  options: ExamineOptions,
): Promise<readonly Finding[]> {
  const [alarms, topic, ...consumers] = await Promise.all([
    checkAlarms(clients, deployment),
    checkTopic(clients, deployment),
    ...deployment.consumers.map((consumer) => examineConsumer(clients, consumer, options)),
  ]);
  return [...consumers.flat(), ...topic, ...alarms].toSorted((a, b) => a.severity.localeCompare(b.severity));
}

async function examineConsumer(
  clients: OpsClients,
  consumer: DeployedConsumer,
  { assemblyDirectory, knownTypes }: ExamineOptions,
): Promise<readonly Finding[]> {
  const expected = await readExpected(assemblyDirectory, consumer);
  const unknown: Finding = {
    severity: 'warning',
    resource: `stack ${consumer.stackName}`,
    detail: 'is deployed, and not in the app: it goes on consuming',
    remedy: 'destroy it, or look at an app that has it',
  };
  const findings = await Promise.all([
    checkQueues(clients, consumer, expected),
    checkSubscription(clients, consumer, { expected, knownTypes }),
  ]);
  return [...(expected ? [] : [unknown]), ...findings.flat()];
}
