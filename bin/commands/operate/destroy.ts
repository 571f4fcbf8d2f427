import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import { consumerNamed, type Deployment } from '../../../lib/ops/deployment.ts';
import { findHeldMessages, type HeldMessages } from '../../../lib/ops/held-messages.ts';
import { describeRefusal } from './describe-refusal.ts';
import { type PlaceOptions, placeOf, withDeployment, withPlace } from './place.ts';

interface DestroyOptions extends PlaceOptions {
  readonly context: readonly string[];
  readonly abandonMessages: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** Adds `fanfare destroy`. */
export function addDestroyCommand(program: Command): void {
  const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
  withPlace(program.command('destroy').argument('[consumer...]', 'only the stacks of these consumers'))
    .description(
      'Destroys the stacks of a stage on AWS (cdk destroy), unless a queue holds messages or a stack is protected. ' +
        'Without a stage it only looks at the queues of what runs on this machine. Exits with 1 when it refuses.',
    )
    .option(
      '-c, --context <key=value>',
      'a setting of the stage, as for deploying; may be repeated',
      collect,
      [],
    )
    .option('--abandon-messages', 'destroy although queues hold messages: you give these up', false)
    .option('--force', 'let cdk destroy not ask', false)
    .option('--json', 'print what stands against it as JSON', false)
    .action(runDestroy);
}

async function runDestroy(names: readonly string[], given: DestroyOptions, command: Command): Promise<void> {
  const options = { ...given, stage: stageOf(given, command) };
  const { target, held } = await withDeployment(options, async ({ clients, deployment }) => {
    const meant = targetOf(deployment, names);
    return { target: meant, held: await findHeldMessages(clients, meant) };
  });
  const refused = report(options, target, held);
  if (refused) process.exitCode = 1;
  else if (placeOf(options).kind === 'aws') process.exitCode = await destroyStacks(options, target);
  else console.error('Nothing is destroyed on this machine: end it with Ctrl-C, or name a --stage on AWS.');
}

/** What is to be destroyed: all of a stage, or the stacks of some consumers. */
interface Target extends Pick<Deployment, 'stage' | 'consumers' | 'protectedStacks'> {
  /** For the person: `Stage prod`, or `email of stage prod`. */
  readonly title: string;
  /** What the CDK calls it. */
  readonly selection: readonly string[];
}

/** @throws Error that lists the consumers when there is none of that name */
function targetOf(deployment: Deployment, names: readonly string[]): Target {
  const { stage, protectedStacks } = deployment;
  if (names.length === 0) return { ...deployment, title: `Stage ${stage}`, selection: ['--all'] };
  const consumers = names.map((name) => consumerNamed(deployment, name));
  const selection = consumers.map(({ stackName }) => stackName);
  return {
    stage,
    consumers,
    protectedStacks: protectedStacks.filter((name) => selection.includes(name)),
    title: `${names.join(', ')} of stage ${stage}`,
    selection,
  };
}

/** Says what stands against it, and whether that is enough to refuse. */
function report(
  { json, abandonMessages }: DestroyOptions,
  { title, stage, protectedStacks }: Target,
  held: readonly HeldMessages[],
): boolean {
  const refused = protectedStacks.length > 0 || (held.length > 0 && !abandonMessages);
  if (json) console.log(JSON.stringify({ stage, refused, held, protectedStacks }, null, 2));
  else if (refused)
    console.error(describeRefusal({ title, stage, protectedStacks }, abandonMessages ? [] : held));
  else console.log(held.length > 0 ? 'The messages are given up.' : `No queue holds messages: ${title}.`);
  return refused;
}

/** `-c stage=prod` names the stage too, as it does for deploying. */
function stageOf({ stage, context }: DestroyOptions, command: Command): string | undefined {
  const fromContext = context.find((pair) => pair.startsWith('stage='))?.slice('stage='.length);
  if (stage !== undefined && fromContext !== undefined && stage !== fromContext) {
    command.error(`error: --stage is ${stage}, but -c stage is ${fromContext}; say one`, { exitCode: 2 });
  }
  return stage ?? fromContext;
}

/** Runs the CDK's own command, which asks before it begins. Returns its exit code. */
async function destroyStacks(
  { context, profile, region, force }: DestroyOptions,
  { stage, selection }: Target,
): Promise<number> {
  const settings = [`stage=${stage}`, ...context.filter((pair) => !pair.startsWith('stage='))];
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
