import type { OpsClients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import { readTemplate } from '../doctor/read-stacks.ts';
import { attempt, type Problem } from '../problem.ts';

/** How long the logs of a stack keep what they have. */
export interface LogRetention {
  readonly stackName: string;
  /** The longest of its log groups, in days. Null: for ever. */
  readonly days: number | null;
}

/** Reads from the templates of a deployment how long its logs are kept: a request for each stack. Stacks without logs are left out. */
export async function readLogRetention(
  clients: Pick<OpsClients, 'cloudFormation'>,
  { stacks }: Pick<Deployment, 'stacks'>,
): Promise<{ readonly logs: readonly LogRetention[]; readonly problems: readonly Problem[] }> {
  const logs: LogRetention[] = [];
  const problems: Problem[] = [];
  for (const { stackName } of stacks) {
    const reading = attempt({ resource: 'stack', name: stackName }, readTemplate(clients, { id: stackName }));
    const { value, problems: some } = await reading;
    problems.push(...some);
    const groups = Object.values(value?.Resources ?? {}).filter(({ Type }) => Type === 'AWS::Logs::LogGroup');
    const days = groups.map(({ Properties }) =>
      Number(Properties?.RetentionInDays ?? Number.POSITIVE_INFINITY),
    );
    const longest = Math.max(0, ...days);
    if (days.length > 0) logs.push({ stackName, days: Number.isFinite(longest) ? longest : null });
  }
  return { logs, problems };
}
