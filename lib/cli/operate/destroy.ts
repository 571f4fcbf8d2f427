import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import { consumerNamed, type DeployedConsumer, type Deployment } from '../../ops/deployment.ts';
import { emptyLeftBuckets } from '../../ops/destroy/empty-left-buckets.ts';
import { findHeldMessages, type HeldMessages } from '../../ops/destroy/held-messages.ts';
import { UnknownNameError } from '../../ops/errors.ts';
import { type ContextOptions, withContext } from '../context.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { printJson } from '../terminal/print-json.ts';
import { describeRefusal } from './describe-refusal.ts';
import { type TargetOptions, targetFrom, withDeployment, withTarget } from './target.ts';

interface DestroyOptions extends TargetOptions, ContextOptions {
  readonly abandonMessages: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** Adds `fanfare destroy`. */
export function addDestroyCommand(program: Command): void {
  const destroy = program.command('destroy').argument('[consumer...]', 'only the stacks of these consumers');
  withContext(withTarget(destroy))
    .description(
      'Destroys the stacks of a stage on AWS (cdk destroy), unless a queue holds messages or a stack is protected. ' +
        'Without a stage it only looks at the queues of what runs on this machine. Exits with 1 when it refuses.',
    )
    .option('--abandon-messages', 'destroy although queues hold messages: you give these up', false)
    .option('--force', 'let cdk destroy not ask', false)
    .option('--json', 'print what stands against it as JSON', false)
    .action(runDestroy);
}

async function runDestroy(
  names: readonly string[],
  options: DestroyOptions,
  command: Command,
): Promise<void> {
  if (options.context.length > 0 && targetFrom(options).kind === 'local') {
    command.error('error: -c is of a stage on AWS; name it with --stage', { exitCode: EXIT.usage });
  }
  const { target, held } = await withDeployment(options, async ({ clients, deployment }) => {
    const meant = targetOf(deployment, names);
    return { target: meant, held: await findHeldMessages(clients, meant) };
  });
  const refused = report(options, target, held);
  if (refused) process.exitCode = 1;
  else if (targetFrom(options).kind === 'aws') process.exitCode = await destroyStacks(options, target);
  else console.error('Nothing is destroyed on this machine: end it with Ctrl-C, or name a --stage on AWS.');
}

/** What is to be destroyed: all of a stage, or the stacks of some consumers. */
interface Target
  extends Pick<
    Deployment,
    'app' | 'stage' | 'consumers' | 'bridges' | 'archives' | 'protectedStacks' | 'incomplete'
  > {
  /** Consumers of other apps that would get no events any more. */
  readonly listeners: readonly string[];
  /** For the person: `Stage prod of shop`, or `email of stage prod of shop`. */
  readonly title: string;
  /** What the CDK calls it. */
  readonly selection: readonly string[];
}

/** @throws UnknownNameError that lists the consumers when there is none of that name */
function targetOf(deployment: Deployment, names: readonly string[]): Target {
  const { app, stage, protectedStacks } = deployment;
  const title = `stage ${stage} of ${app}`;
  const isOwn = ({ owner }: { readonly owner?: string | undefined }): boolean => owner === deployment.owner;
  const ofConsumers = deployment.incomplete.filter((stack) => stack.consumer !== undefined && isOwn(stack));
  if (names.length === 0) {
    const consumers = deployment.consumers.filter(isOwn);
    const others = [...deployment.consumers, ...deployment.incomplete].filter(
      (one) => one.label !== undefined && !('bridge' in one) && !isOwn(one),
    );
    const listeners = others.flatMap(({ label = [] }) => label).toSorted();
    const ofBridges = deployment.incomplete.filter((stack) => stack.bridge !== undefined && isOwn(stack));
    return {
      app,
      stage,
      protectedStacks,
      consumers,
      bridges: deployment.bridges.filter(isOwn),
      archives: deployment.archives.filter(isOwn),
      listeners,
      incomplete: [...ofConsumers, ...ofBridges],
      title,
      selection: ['--all'],
    };
  }
  const incomplete = ofConsumers.filter(({ consumer = '' }) => names.includes(consumer));
  const consumers = names
    .filter((name) => !incomplete.some(({ consumer }) => consumer === name))
    .map((name) => ownNamed(deployment, name));
  const selection = [...consumers, ...incomplete].map(({ stackName }) => stackName);
  return {
    app,
    stage,
    consumers,
    bridges: [],
    archives: [],
    listeners: [],
    incomplete,
    protectedStacks: protectedStacks.filter((name) => selection.includes(name)),
    title: `${names.join(', ')} of ${title}`,
    selection,
  };
}

/** @throws UnknownNameError when it belongs to another app, whose repository destroys it */
function ownNamed(deployment: Deployment, name: string): DeployedConsumer {
  const consumer = consumerNamed(deployment, name);
  if (consumer.owner === deployment.owner) return consumer;
  throw new UnknownNameError(
    `the consumer ${consumer.label} belongs to ${consumer.owner}; it is destroyed where its app is`,
  );
}

/** Reports what prevents the destruction, and whether it is refused. */
function report(
  options: DestroyOptions,
  { title, app, stage, protectedStacks, incomplete, listeners }: Target,
  held: readonly HeldMessages[],
): boolean {
  const { json, abandonMessages } = options;
  const where = { place: targetFrom(options), app, stage };
  const mayHold = held.length > 0 || incomplete.length > 0;
  const refused = protectedStacks.length > 0 || (mayHold && !abandonMessages);
  const messages = abandonMessages ? { held: [], incomplete: [] } : { held, incomplete };
  if (json) printJson('destroy', { app, stage, refused, held, protectedStacks, incomplete, listeners });
  else if (refused) console.error(describeRefusal({ title, where, protectedStacks, ...messages }));
  else console.log(mayHold ? 'The messages are given up.' : `No queue holds messages: ${title}.`);
  if (listeners.length > 0)
    console.error(
      `Consumers of other apps listen to this bus, and would get no events: ${listeners.join(', ')}.`,
    );
  return refused;
}

/**
 * Runs the CDK's own command, which asks before it begins. CloudFormation does not delete a bucket that holds objects: what is left of it in
 * profile dev is emptied then, and the command runs again. Nothing that is deployed may delete what is archived. Returns the exit code.
 */
async function destroyStacks(options: DestroyOptions, target: Target): Promise<number> {
  const code = await runCdk(options, target);
  if (code === 0 || !target.selection.includes('--all')) return code;
  const emptied = await withDeployment(options, ({ clients, deployment }) =>
    emptyLeftBuckets(clients, deployment),
  );
  if (emptied.length === 0) return code;
  console.error(`Emptied ${emptied.join(', ')}, which CloudFormation could not delete.`);
  return runCdk({ ...options, force: true }, target);
}

async function runCdk(
  { context, profile, region, force }: DestroyOptions,
  { app, stage, selection }: Target,
): Promise<number> {
  const settings = [`app=${app}`, `stage=${stage}`, ...context.filter((pair) => !/^(app|stage)=/.test(pair))];
  const args = [
    ...['cdk', 'destroy', ...selection],
    ...settings.flatMap((pair) => ['-c', pair]),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(force ? ['--force'] : []),
  ];
  const inRegion = region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region };
  const cdk = spawn('npx', args, { stdio: 'inherit', env: { ...process.env, ...inRegion } });
  const [code] = await once(cdk, 'close');
  return typeof code === 'number' ? code : 1;
}
