import { paginateDescribeStacks, type Stack } from '@aws-sdk/client-cloudformation';
import { suggest } from '../contracts/text/nearest-name.ts';
import type { OpsClients } from './clients.ts';
import { AmbiguousNameError, UnknownNameError, UnreadableError } from './errors.ts';
import { reasonOf } from './problem.ts';

/** An app, and the stage of it that is deployed. */
export interface Owner {
  readonly app: string;
  readonly stage: string;
}

/** What a deployment is called. */
export interface DeploymentName {
  /** @default - the one app that has this stage */
  readonly app?: string | undefined;
  /** Such as `dev`. */
  readonly stage: string;
}

/** The stacks of one deployment, as CloudFormation describes them. */
export interface FoundStacks {
  readonly app: string;
  readonly stage: string;
  /** Those of the app itself. */
  readonly own: readonly Stack[];
  /** Consumers of other apps that listen to a bus of this one, and bridges of other apps to it. */
  readonly listeners: readonly Stack[];
  /** Name of the stack of its bus: its own, or that of another app which its consumers listen to. */
  readonly busName: string;
  /** Undefined when it is not in this account and region. */
  readonly bus: Stack | undefined;
}

/**
 * Finds the stacks of a deployment by their tags. It has a bus of its own, or only consumers, which listen to the bus of another app.
 *
 * @throws UnknownNameError when there is none; it names the deployments that there are
 * @throws AmbiguousNameError when no app is named, and several have this stage
 * @throws UnreadableError when the stacks cannot be read
 */
export async function findStacks(
  { cloudFormation }: Pick<OpsClients, 'cloudFormation'>,
  name: DeploymentName,
): Promise<FoundStacks> {
  const all = await readAllStacks(cloudFormation);
  const { app, stage } = pickDeployment(all, name);
  const own = all.filter((stack) => isOf(stack, { app, stage }));
  const buses = own.filter(hasBus).map(({ StackName }) => StackName);
  const listeners = all.filter(
    (stack) =>
      (isConsumer(stack) || isBridge(stack)) && !own.includes(stack) && buses.includes(busNameOf(stack)),
  );
  const ownBus = own.find((stack) => tagOf(stack, 'fanfare:role') === 'bus');
  const busName = ownBus?.StackName ?? busOfMost(own.filter(isConsumer));
  return { app, stage, own, listeners, busName, bus: ownBus ?? all.find((one) => one.StackName === busName) };
}

/** The value of a tag of a stack. */
export function tagOf({ Tags = [] }: Stack, key: string): string | undefined {
  return Tags.find(({ Key }) => Key === key)?.Value;
}

/** What the owner of a stack is called, such as `shop-dev`; undefined unless its tags say both. */
export function ownerNameOf(stack: Stack): string | undefined {
  const owner = ownerOf(stack);
  return owner && ownerName(owner);
}

/** Which app a stack belongs to, and which stage of it; undefined unless its tags say both. */
export function ownerOf(stack: Stack): Owner | undefined {
  const [app, stage] = [tagOf(stack, 'fanfare:app'), tagOf(stack, 'fanfare:stage')];
  return app === undefined || stage === undefined ? undefined : { app, stage };
}

/** What an owner is called, such as `shop-dev`. */
export function ownerName({ app, stage }: Owner): string {
  return `${app}-${stage}`;
}

/** The bus that a consumer listens to. A stack that was deployed before there was a tag for it listens to the first bus of its app. */
export function busNameOf(stack: Stack): string {
  return tagOf(stack, 'fanfare:bus') ?? `${ownerNameOf(stack) ?? ''}-Bus`;
}

function isOf(stack: Stack, { app, stage }: Owner): boolean {
  return tagOf(stack, 'fanfare:app') === app && tagOf(stack, 'fanfare:stage') === stage;
}

function isConsumer(stack: Stack): boolean {
  return tagOf(stack, 'fanfare:consumer') !== undefined;
}

function isBridge(stack: Stack): boolean {
  return tagOf(stack, 'fanfare:bridge') !== undefined;
}

/** A stack with the first bus of an app, or with another one. */
function hasBus(stack: Stack): boolean {
  return ['bus', 'other-bus'].includes(tagOf(stack, 'fanfare:role') ?? '');
}

/** The deployment that is meant. When no app is named, one with a bus is preferred: its consumers are those of all apps. */
function pickDeployment(all: readonly Stack[], name: DeploymentName): Owner {
  const withBus = candidates(all.filter((stack) => tagOf(stack, 'fanfare:role') === 'bus'));
  const withConsumers = candidates(all.filter(isConsumer));
  const isMeant = ({ app, stage }: Owner): boolean =>
    stage === name.stage && (name.app === undefined || app === name.app);
  const owners = withBus.filter(isMeant);
  const [found, ...others] = owners.length > 0 ? owners : withConsumers.filter(isMeant);
  if (!found) throw unknown(name, [...withBus, ...withConsumers]);
  if (others.length === 0) return found;
  const apps = [found, ...others].map(({ app }) => app).toSorted();
  throw new AmbiguousNameError(
    `several apps have a stage '${name.stage}' here: ${apps.join(', ')}; say which one with --app`,
  );
}

/** The app and the stage of each stack, each pair once. */
function candidates(stacks: readonly Stack[]): readonly Owner[] {
  const named = new Map<string, Owner>();
  for (const stack of stacks) {
    const owner = ownerOf(stack);
    if (owner) named.set(ownerName(owner), owner);
  }
  return [...named.values()];
}

/** The bus that most of these consumers listen to. */
function busOfMost(consumers: readonly Stack[]): string {
  const names = Map.groupBy(consumers, busNameOf);
  const [[name] = ['']] = [...names].toSorted(
    ([a, some], [b, others]) => others.length - some.length || a.localeCompare(b),
  );
  return name;
}

async function readAllStacks(client: OpsClients['cloudFormation']): Promise<readonly Stack[]> {
  const stacks: Stack[] = [];
  try {
    for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) stacks.push(...Stacks);
  } catch (cause) {
    throw new UnreadableError(`the stacks cannot be read: ${reasonOf(cause)}`, { cause });
  }
  return stacks;
}

/** Of a named app the deployments are suggested, else the stages. */
function unknown({ app, stage }: DeploymentName, all: readonly Owner[]): UnknownNameError {
  const names = all.map((one) => (app === undefined ? one.stage : ownerName(one)));
  const meant = app === undefined ? stage : ownerName({ app, stage });
  const others = suggest(meant, [...new Set(names)].toSorted());
  const ofApp = app === undefined ? '' : ` of app '${app}'`;
  return new UnknownNameError(
    `there is no Fanfare${ofApp} with stage '${stage}' here${others}; look at --app, --stage, --profile and --region`,
  );
}
