import { fanfareCommand, type Whereabouts } from '../fanfare-command.ts';
import { ownerName } from '../find-stacks.ts';
import { compare, describeValue } from './compare.ts';
import type { Finding } from './finding.ts';
import type { SynthesizedStack } from './read-assembly.ts';
import type { DeployedStack } from './read-stacks.ts';

/** Compares the synthesized stacks with the deployed ones, in both directions: tags, termination protection, and the status of the deployment. */
export function checkStacks(
  synthesized: readonly SynthesizedStack[],
  deployed: readonly DeployedStack[],
  where: Whereabouts,
): readonly Finding[] {
  const missing = synthesized.filter(({ stackName }) => !deployed.some((one) => one.stackName === stackName));
  return [
    ...missing.map(describeMissing),
    ...deployed.flatMap((stack) => {
      const wanted = synthesized.find(({ stackName }) => stackName === stack.stackName);
      return [
        ...(wanted ? checkStack(wanted, stack) : [describeForeign(stack, where)]),
        ...checkStatus(stack),
      ];
    }),
  ];
}

/** Lists the consumers of other apps that listen to a bus of this one. Each is compared where its app is. */
export function describeOthers(
  listeners: readonly DeployedStack[],
  { place }: Pick<Whereabouts, 'place'>,
): readonly Finding[] {
  return listeners.map(({ stackName, tags }) => {
    const { 'fanfare:app': app = '', 'fanfare:stage': stage = '', 'fanfare:consumer': consumer } = tags;
    const check = fanfareCommand('doctor', { place, app, stage });
    return {
      severity: 'info',
      resource: `consumer ${ownerName({ app, stage })}/${consumer}`,
      detail: `is of the app ${app}: its stack ${stackName} is not compared here`,
      remedy: `nothing; its owner compares it in the repository of ${app}: ${check}`,
    };
  });
}

function describeMissing({ stackName, tags }: SynthesizedStack): Finding {
  const consumer = tags['fanfare:consumer'];
  return {
    severity: 'error',
    resource: `stack ${stackName}`,
    detail:
      consumer === undefined
        ? 'is in the app, but not deployed'
        : `is in the app, but not deployed: ${consumer} gets no events`,
    remedy: `deploy it: npx cdk deploy ${stackName}, with the -c settings of its stage`,
  };
}

/** A stack that is not in this app may belong to another one, so the remedy is to ask its owner. */
function describeForeign({ stackName, tags }: DeployedStack, where: Whereabouts): Finding {
  const all = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  const what = tags['fanfare:consumer'] === undefined ? '' : ': its consumer still gets events';
  return {
    severity: 'warning',
    resource: `stack ${stackName}`,
    detail: `is deployed, but is not in the app${what}; its tags: ${all.join(', ')}`,
    remedy: `ask its owner which app it belongs to; if it was removed from this app, check for messages in its queues (${fanfareCommand('status', where)}) before you destroy it`,
  };
}

function checkStack(synthesized: SynthesizedStack, deployed: DeployedStack): readonly Finding[] {
  const { stackName, tags, terminationProtection } = synthesized;
  const differences = [
    ...compare(tags, deployed.tags, 'tags'),
    ...compare(terminationProtection, deployed.terminationProtection, 'terminationProtection'),
  ];
  return differences.map(({ path, synthesized: wanted, deployed: existing }) => ({
    // An additional tag is only a warning: accounts add tags, for example for billing.
    severity: path.startsWith('tags.') && wanted === undefined ? 'warning' : 'error',
    resource: `stack ${stackName}`,
    detail: `has ${path}: ${describeValue(existing)}, and ${describeValue(wanted)} is synthesized`,
    remedy: `npx cdk deploy ${stackName}, with the -c settings of its stage`,
    property: path,
    synthesized: wanted,
    deployed: existing,
  }));
}

function checkStatus({ stackName, status }: DeployedStack): readonly Finding[] {
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return [];
  const failed = status.includes('FAILED');
  return [
    {
      severity: failed ? 'error' : 'warning',
      resource: `stack ${stackName}`,
      detail: `is in the state ${status}`,
      remedy: status.endsWith('IN_PROGRESS')
        ? 'wait until it is deployed, then run doctor again'
        : `read the reason: aws cloudformation describe-stack-events --stack-name ${stackName}`,
    },
  ];
}
