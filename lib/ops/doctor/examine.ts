import type { OpsClients } from '../clients.ts';
import type { Whereabouts } from '../fanfare-command.ts';
import { checkIntake, explainDisabled } from '../intake/check-intake.ts';
import { type Intakes, lookAtIntakes } from '../intake/look-at-intakes.ts';
import { checkReplays } from '../replay/check-replays.ts';
import { createAlarmSource } from './alarm-source.ts';
import { checkArchive } from './bus/check-archive.ts';
import { checkLater } from './bus/check-later.ts';
import { checkAlarms, checkListeners } from './check-alarms.ts';
import { checkConsumer, knownTo } from './check-consumer.ts';
import { checkDrift } from './check-drift.ts';
import { checkOtherBuses } from './check-other-bus.ts';
import { checkParameters } from './check-parameters.ts';
import { checkStacks, describeOthers } from './check-stacks.ts';
import { checkTopic } from './check-topic.ts';
import type { ComparedStack } from './compared-stack.ts';
import { bySeverity, type Finding } from './finding.ts';
import { look, mapInParallel, mergeUnseen } from './look.ts';
import {
  deploymentsOf,
  readAssembly,
  type SynthesizedDeployment,
  type SynthesizedStack,
  type Template,
} from './read-assembly.ts';
import {
  type DeployedStack,
  type DeployedStacks,
  readResources,
  readStacks,
  readTemplate,
} from './read-stacks.ts';
import { READERS } from './readers/index.ts';
import type { Source } from './readers/reader.ts';

/** Thrown when the assembly was synthesized for another app or stage than the deployment. */
export class OtherStageError extends RangeError {
  override readonly name = 'OtherStageError';
}

export interface ExamineOptions extends Whereabouts {
  /** The synthesized assembly that the deployment is compared with. */
  readonly assemblyDirectory: string;
  /** Versioned event types of the contracts. When it is empty, filters are not checked. */
  readonly knownTypes: readonly string[];
}

/** Result of a comparison. */
export interface Examination {
  /** Errors first, then parts that could not be read, then warnings, then what is only good to know. */
  readonly findings: readonly Finding[];
  /** Resource types whose properties cannot be read. Only their existence and their deployed template were compared. */
  readonly notCompared: readonly string[];
}

/**
 * Compares a deployment with a synthesized assembly, in both directions, and checks for common mistakes. Nothing is changed. Consumers of
 * other apps are listed, and not compared: their repositories do that.
 *
 * @throws OtherStageError when the assembly is of another app or stage
 * @throws UnknownNameError when there is no such deployment
 * @throws UnreadableError when CloudFormation does not answer
 */
export async function examine(
  clients: OpsClients,
  { place, app, stage, assemblyDirectory, knownTypes }: ExamineOptions,
): Promise<Examination> {
  const assembly = await readAssembly(assemblyDirectory);
  const meant = pickDeployment(assembly, { app, stage, assemblyDirectory });
  const synthesized = assembly.filter(
    ({ tags }) => tags['fanfare:app'] === meant.app && tags['fanfare:stage'] === meant.stage,
  );
  const { own: deployed, listeners, bus } = await readStacks(clients, meant);
  const { compared, unseen } = await readCompared(clients, synthesized, deployed);
  const alarms = createAlarmSource(clients, compared);
  const source: Source = { ...clients, alarmNamed: alarms.named };
  const where = { place, ...meant };
  const intakes = await lookAtIntakes(clients, { own: deployed, bus });
  const findings = [
    ...unseen,
    ...intakes.unseen,
    ...checkStacks(synthesized, deployed, where),
    ...(await checkAll(source, compared, { intakes, where })),
    ...(await mapInParallel(deployed, (stack) =>
      checkIntake(clients, stack, { intakes, where, now: Date.now() }),
    )),
    ...(await mapInParallel(deployed, (stack) =>
      checkConsumer(clients, stack, { where, knownTypes: knownTo(stack, deployed, knownTypes) }),
    )),
    ...(await mapInParallel(deployed, (stack) => checkArchive(clients, stack))),
    ...(await mapInParallel(deployed, (stack) => checkLater(clients, stack))),
    ...(await mapInParallel(deployed, (stack) => checkReplays(clients, stack, where))),
    ...describeOthers(listeners, where),
    ...(await checkParameters(clients, compared)),
    ...(await checkOtherBuses(clients, deployed)),
    ...(await checkTopics(clients, { deployed, listeners, compared })),
    ...(await look('alarms', async () => checkAlarms(await alarms.all(), where))),
  ];
  return {
    findings: mergeUnseen(findings).toSorted(bySeverity),
    notCompared: typesNotCompared(compared),
  };
}

/** The stacks that are in the app and deployed. A stack that cannot be read is a finding, and the other stacks are still compared. */
async function readCompared(
  clients: OpsClients,
  synthesized: readonly SynthesizedStack[],
  deployed: readonly DeployedStack[],
) {
  const compared = new Map<string, ComparedStack>();
  const unseen = await mapInParallel(synthesized, async (stack): Promise<readonly Finding[]> => {
    const found = deployed.find(({ stackName }) => stackName === stack.stackName);
    if (!found) return [];
    let deployedTemplate: Template | undefined;
    const withoutTemplate = await look(`template of stack ${stack.stackName}`, async () => {
      deployedTemplate = await readTemplate(clients, found);
      return [];
    });
    const failed = await look(`stack ${stack.stackName}`, async () => {
      const resources = await readResources(clients, found);
      const { template } = stack;
      compared.set(stack.stackName, {
        synthesized: stack,
        template,
        deployedTemplate,
        deployed: found,
        resources,
      });
      return [];
    });
    return [...withoutTemplate, ...failed];
  });
  return { compared, unseen };
}

/** Checks one stack after the other, because services refuse too many requests at once. */
async function checkAll(
  source: Source,
  compared: ReadonlyMap<string, ComparedStack>,
  known: { readonly intakes: Intakes; readonly where: Whereabouts },
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const stack of compared.values()) {
    const differences = await checkDrift(source, stack, compared);
    findings.push(...explainDisabled(differences, stack.deployed, known));
  }
  return findings;
}

/** The deployment to check, among those of the assembly. */
function pickDeployment(
  stacks: readonly SynthesizedStack[],
  { app, stage, assemblyDirectory }: Pick<ExamineOptions, 'app' | 'stage' | 'assemblyDirectory'>,
): SynthesizedDeployment {
  const all = deploymentsOf(stacks);
  const [meant, ...others] = all.filter((one) => one.stage === stage && (app ?? one.app) === one.app);
  if (meant && others.length === 0) return meant;
  const names = all.map((one) => `app ${one.app} and stage ${one.stage}`);
  const is = names.length === 0 ? 'no app and no stage' : names.join(', ');
  const ofApp = app === undefined ? '' : `app ${app} and `;
  throw new OtherStageError(
    `${assemblyDirectory} is of ${is}, but ${ofApp}stage ${stage} is to be checked; synthesize it: npx cdk synth -c stage=${stage}, or name it with --app and --stage`,
  );
}

interface AllStacks extends Pick<DeployedStacks, 'listeners'> {
  readonly deployed: DeployedStacks['own'];
  readonly compared: ReadonlyMap<string, ComparedStack>;
}

/** Checks the topics of the app's own bus. An app without a bus has none. */
async function checkTopics(
  clients: OpsClients,
  { deployed, listeners, compared }: AllStacks,
): Promise<readonly Finding[]> {
  const bus = deployed.find(({ tags }) => tags['fanfare:role'] === 'bus');
  if (!bus) return [];
  const { TopicArn, AlarmTopicArn, AllowedAccounts, AllowedOrganization } = bus.outputs;
  const others = deployed.filter(({ stackName }) => !compared.has(stackName));
  const found = await Promise.all([
    look('topic of events', async () => {
      if (TopicArn === undefined)
        throw new Error('the stack of the bus has no output TopicArn; deploy it again');
      const known = [...compared.values()].flatMap(({ resources }) => [...resources.values()]);
      for (const stack of others) known.push(...(await readResources(clients, stack)).values());
      const ofOtherApps = listeners.flatMap(({ outputs: { SubscriptionArn = [] } }) => SubscriptionArn);
      return checkTopic(clients, TopicArn, {
        known: new Set([...known.map(({ physicalId }) => physicalId), ...ofOtherApps]),
        accounts: AllowedAccounts?.split(',') ?? [],
        organization: AllowedOrganization,
      });
    }),
    look('alarm topic', async () => {
      if (AlarmTopicArn === undefined)
        throw new Error('the stack of the bus has no output AlarmTopicArn; deploy it again');
      return checkListeners(clients, AlarmTopicArn);
    }),
  ]);
  return found.flat();
}

function typesNotCompared(compared: ReadonlyMap<string, ComparedStack>): readonly string[] {
  const types = [...compared.values()].flatMap(({ template }) =>
    Object.values(template.Resources ?? {}).map(({ Type }) => Type),
  );
  return [...new Set(types)].filter((type) => !READERS.has(type)).toSorted();
}
