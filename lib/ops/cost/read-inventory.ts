import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suggest } from '../../contracts/text/nearest-name.ts';
import { FUNCTION_DEFAULTS } from '../aws-limits.ts';
import { readAssembly } from '../doctor/read-assembly.ts';
import { UnknownNameError } from '../errors.ts';

/** Counts of the resources in an assembly that cost money. */
export interface Inventory {
  readonly consumers: number;
  /** Archives of buses, and how many of the buses are FIFO. */
  readonly archives: number;
  readonly fifoArchives: number;
  /** Functions that replay archives. */
  readonly replays: number;
  /** Functions that publish events that come later, one for each bus. */
  readonly laters: number;
  /** Functions that stop consumers while what they call is down, one for each bus. Their queues are FIFO. */
  readonly intakes: number;
  /** HTTP APIs to publish through; none where the bus is another app's. */
  readonly apis: number;
  readonly keys: number;
  readonly alarms: number;
  /** Metrics of all alarms; an alarm on a sum has several. */
  readonly alarmMetrics: number;
  readonly dashboards: number;
  readonly metricFilters: number;
  /** Those of consumers, of bridges and of the HTTP API. */
  readonly functions: readonly { readonly memoryMegabytes: number; readonly traced: boolean }[];
  /** Functions that publish to the topic of events. */
  readonly publishers: number;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: {
    readonly Metrics?: readonly { readonly MetricStat?: unknown }[];
    readonly MemorySize?: number;
    readonly FifoQueue?: boolean;
    readonly QueueName?: unknown;
    readonly TracingConfig?: { readonly Mode?: string };
    readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  };
}

const TEMPLATE = '.template.json';

/** Counts the resources in the templates of an assembly. @throws Error when the folder has no templates */
export async function readInventory(assemblyDirectory: string): Promise<Inventory> {
  return countResources(await readResources(assemblyDirectory));
}

/**
 * Counts what the stacks of one app have, by their tags.
 *
 * @throws UnknownNameError that lists the apps of the assembly when it has no such app
 */
export async function readInventoryOf(app: string, assemblyDirectory: string): Promise<Inventory> {
  const stacks = await readAssembly(assemblyDirectory);
  const own = stacks.filter(({ tags }) => tags['fanfare:app'] === app);
  if (own.length === 0) {
    const apps = new Set(stacks.flatMap(({ tags }) => tags['fanfare:app'] ?? []));
    throw new UnknownNameError(`${assemblyDirectory} has no app '${app}'${suggest(app, [...apps])}`);
  }
  return countResources(own.flatMap(({ template }) => Object.values(template.Resources ?? {})));
}

async function readResources(assemblyDirectory: string): Promise<readonly Resource[]> {
  const files = (await readdir(assemblyDirectory)).filter((file) => file.endsWith(TEMPLATE));
  if (files.length === 0)
    throw new Error(`${assemblyDirectory} has no template; synthesize into it first: npm run synth`);
  const resources: Resource[] = [];
  for (const file of files) {
    // The CDK wrote the template, so its shape is not checked.
    const template: { readonly Resources?: Readonly<Record<string, Resource>> } = JSON.parse(
      await readFile(join(assemblyDirectory, file), 'utf8'),
    );
    resources.push(...Object.values(template.Resources ?? {}));
  }
  return resources;
}

function countResources(resources: readonly Resource[]): Inventory {
  const of = (type: string): readonly Resource[] => resources.filter(({ Type }) => Type === `AWS::${type}`);
  const alarms = of('CloudWatch::Alarm');
  const functions = of('Lambda::Function').map(({ Properties = {} }) => Properties);
  return {
    consumers: functions.filter(isConsumer).length,
    archives: functions.filter(isArchive).length,
    replays: functions.filter(isReplay).length,
    laters: functions.filter(isLater).length,
    intakes: functions.filter(isIntake).length,
    fifoArchives: of('SQS::Queue').filter(({ Properties = {} }) => isFifoArchiveQueue(Properties)).length,
    apis: of('ApiGatewayV2::Api').length,
    keys: of('KMS::Key').length,
    alarms: alarms.length,
    alarmMetrics: alarms.reduce((sum, alarm) => sum + metricsOf(alarm), 0),
    dashboards: of('CloudWatch::Dashboard').length,
    metricFilters: of('Logs::MetricFilter').length,
    functions: functions
      .filter((one) => ![isArchive, isReplay, isLater, isIntake, isReceipts].some((is) => is(one)))
      .map(({ MemorySize = FUNCTION_DEFAULTS.MemorySize, TracingConfig }) => ({
        memoryMegabytes: MemorySize,
        traced: TracingConfig?.Mode === 'Active',
      })),
    publishers: functions.filter((one) => variablesOf(one).TOPIC_ARN !== undefined).length,
  };
}

type Properties = NonNullable<Resource['Properties']>;

function variablesOf({ Environment }: Properties): Readonly<Record<string, unknown>> {
  return Environment?.Variables ?? {};
}

function isConsumer(properties: Properties): boolean {
  return variablesOf(properties).IDEMPOTENCY_TABLE !== undefined;
}

/** A consumer may be called like it. */
function isArchive(properties: Properties): boolean {
  return variablesOf(properties).POWERTOOLS_SERVICE_NAME === 'archive' && !isConsumer(properties);
}

/** The queue that the archive of a FIFO bus is fed from, by its name, which is joined of texts and the id of the stack. */
function isFifoArchiveQueue({ FifoQueue = false, QueueName }: Properties): boolean {
  return FifoQueue && JSON.stringify(QueueName ?? '').includes('-ArchiveQueue-');
}

/** It runs only while somebody replays, but Lambda polls its queue. */
function isReplay(properties: Properties): boolean {
  return variablesOf(properties).REPLAY_TABLE !== undefined;
}

function isLater(properties: Properties): boolean {
  return variablesOf(properties).CANCELLATIONS_TABLE !== undefined;
}

/** A consumer with a breaker knows the table too. */
function isIntake(properties: Properties): boolean {
  return variablesOf(properties).INTAKE_TABLE !== undefined && !isConsumer(properties);
}

function isReceipts(properties: Properties): boolean {
  return variablesOf(properties).CONSUMERS_PATH !== undefined;
}

function metricsOf({ Properties }: Resource): number {
  const { Metrics } = Properties ?? {};
  return Metrics === undefined ? 1 : Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;
}
