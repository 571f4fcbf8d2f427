import { serveClock } from './clock/serve-clock.ts';
import { type LocalStackDescription, serveStacks } from './cloudformation.ts';
import { serveKeys } from './described/kms.ts';
import { serveFunctions } from './described/lambda/serve-functions.ts';
import { serveInvocations } from './described/lambda/serve-invocations.ts';
import { serveMappings } from './described/lambda/serve-mappings.ts';
import type { MessagingEngine } from './engines/fauxqs.ts';
import { guardEngine } from './engines/guard-engine.ts';
import type { EventBridgeEntries } from './event-bridge/entries.ts';
import type { FaultRegistry } from './faults/fault-registry.ts';
import type { Guests } from './join/guests.ts';
import { serveJoin } from './join/serve-join.ts';
import type { LocalOptions } from './local-options.ts';
import type { MailBox } from './mail.ts';
import type { MetricSource } from './monitoring/alarms.ts';
import { serveAlarmChanges, serveAlarms, serveMetrics } from './monitoring/cloudwatch.ts';
import { MessageMoveTasks } from './move-tasks/message-move-tasks.ts';
import { serveParametersByPath } from './parameters-by-path.ts';
import { refuseLikeSns } from './refused/refuse-like-sns.ts';
import { refuseLikeSqs } from './refused/refuse-like-sqs.ts';
import type { Machine } from './resources/resource.ts';
import { serveScheduler } from './scheduler/serve-scheduler.ts';
import { serveSecrets } from './secrets.ts';
import type { Executions } from './step-functions/executions.ts';

/** What the endpoint of this machine answers for, beside what the engine does itself. */
export interface ServedParts {
  readonly options: LocalOptions;
  readonly messaging: MessagingEngine;
  readonly machine: Machine & Parameters<typeof serveClock>[1] & { readonly joinToken: string };
  readonly mailBox: MailBox;
  readonly eventBridge: EventBridgeEntries;
  readonly stepFunctions: Executions;
  readonly metrics: MetricSource;
  readonly faults: FaultRegistry;
  readonly guests: Guests;
  stacks(): readonly LocalStackDescription[];
  /** Lets every mapping poll that is enabled and does not. */
  poll(): void;
}

/** Adds the APIs of AWS that are described by the templates, and those of this machine. Call it before the engine listens. */
export function serveApis(parts: ServedParts): void {
  const { machine, messaging, metrics, faults, guests } = parts;
  const { app } = messaging;
  guardEngine(app);
  refuseLikeSqs(messaging);
  refuseLikeSns(messaging);
  serveReceivers(parts);
  serveAlarms(app, machine.alarms);
  serveAlarmChanges(app, machine.alarms);
  serveMetrics(app, metrics);
  serveStacks(app, parts.stacks);
  serveFunctions(app, machine);
  serveInvocations(app, machine);
  serveMappings(app, machine, parts.poll);
  serveKeys(app, machine);
  serveScheduler(app, machine.scheduler);
  serveClock(app, machine);
  serveStoredValues(parts);
  faults.serve(app);
  serveJoin(app, { guests, token: machine.joinToken, say: parts.options.log });
  new MessageMoveTasks(messaging, machine.sqs).serve();
}

/** What is sent out of the app is kept here, and told on the terminal. */
function serveReceivers({ options: { log }, messaging, mailBox, eventBridge, stepFunctions }: ServedParts) {
  const { app } = messaging;
  mailBox.serve(app, ({ to, subject }) => log(`Mail to ${to.join(', ')}: ${subject}`));
  eventBridge.serve(app, ({ detailType, eventBusName }) =>
    log(`To EventBridge: ${detailType} on ${eventBusName}`),
  );
  stepFunctions.serve(app, ({ name, stateMachineArn }) =>
    log(`To Step Functions: ${name} of ${stateMachineArn.slice(stateMachineArn.lastIndexOf(':') + 1)}`),
  );
}

function serveStoredValues({ options: { secretsFile }, messaging, machine, guests }: ServedParts): void {
  const { parameters } = machine;
  serveSecrets(messaging.app, {
    files: () => [...(secretsFile === undefined ? [] : [secretsFile]), ...guests.secretsFiles],
    parameters,
  });
  serveParametersByPath(messaging.app, parameters);
}
