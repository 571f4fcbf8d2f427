import { sendAnswer } from '../described/lambda/answer.ts';
import { callingAccount } from '../engines/accounts.ts';
import type { EngineApp } from '../engines/fauxqs.ts';
import { readRequest } from '../requests/read-request.ts';
import { type AskedSchedule, requireClientToken } from './read-settings.ts';
import type { KeptGroup, KeptSchedule } from './schedule.ts';
import { pageOf, type Scheduler } from './scheduler.ts';
import { SchedulerError } from './scheduler-error.ts';

interface Asked {
  readonly Params: { readonly name: string };
  readonly Querystring: {
    readonly groupName?: string;
    readonly ScheduleGroup?: string;
    readonly NamePrefix?: string;
    readonly State?: string;
    readonly NextToken?: string;
    readonly MaxResults?: string;
  };
}

const TARGET = {
  members: {
    Arn: 'text',
    RoleArn: 'text',
    Input: 'text',
    DeadLetterConfig: { members: { Arn: 'text' } },
    RetryPolicy: { members: { MaximumEventAgeInSeconds: 'number', MaximumRetryAttempts: 'number' } },
    SqsParameters: { members: { MessageGroupId: 'text' } },
  },
} as const;
const SCHEDULE = {
  GroupName: 'text',
  ScheduleExpression: 'text',
  ScheduleExpressionTimezone: 'text',
  StartDate: 'number',
  EndDate: 'number',
  Description: 'text',
  KmsKeyArn: 'text',
  State: 'text',
  ActionAfterCompletion: 'text',
  ClientToken: 'text',
  FlexibleTimeWindow: { members: { Mode: 'text', MaximumWindowInMinutes: 'number' } },
  Target: TARGET,
} as const;

type Reply = Parameters<typeof sendAnswer>[0];

/**
 * Serves EventBridge Scheduler's CreateSchedule, GetSchedule, ListSchedules, UpdateSchedule, DeleteSchedule, CreateScheduleGroup,
 * GetScheduleGroup, ListScheduleGroups and DeleteScheduleGroup. Call it before the engine listens.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
 */
export function serveScheduler(app: EngineApp, scheduler: Scheduler): void {
  serveSchedules(app, scheduler);
  serveGroups(app, scheduler);
}

function serveSchedules(app: EngineApp, scheduler: Scheduler): void {
  app.post<Asked>('/schedules/:name', ({ params: { name }, body }, reply) =>
    answer(reply, () => {
      const { ClientToken, ...asked } = scheduleOf(body);
      requireClientToken(ClientToken);
      const caller = {
        account: callingAccount(),
        ...(ClientToken !== undefined && { clientToken: ClientToken }),
      };
      return { ScheduleArn: scheduler.create({ ...asked, Name: name }, caller).arn };
    }),
  );
  app.put<Asked>('/schedules/:name', ({ params: { name }, body }, reply) =>
    answer(reply, () => {
      const { ClientToken, ...asked } = scheduleOf(body);
      requireClientToken(ClientToken);
      return { ScheduleArn: scheduler.update({ ...asked, Name: name }).arn };
    }),
  );
  app.get<Asked>('/schedules/:name', ({ params: { name }, query: { groupName } }, reply) =>
    answer(reply, () => describe(scheduler.get(name, groupName))),
  );
  app.delete<Asked>('/schedules/:name', ({ params: { name }, query: { groupName } }, reply) =>
    answer(reply, () => {
      scheduler.remove(name, groupName);
      return {};
    }),
  );
  app.get<Asked>('/schedules', ({ query }, reply) =>
    answer(reply, () => {
      const {
        ScheduleGroup: group,
        NamePrefix: prefix,
        State: state,
        NextToken: token,
        MaxResults: max,
      } = query;
      const { page, ...more } = pageOf(
        scheduler.list({ group, prefix, state }),
        { token, max },
        ({ settings }) => `${settings.GroupName}/${settings.Name}`,
      );
      return { Schedules: page.map(summarize), ...more };
    }),
  );
}

function serveGroups(app: EngineApp, scheduler: Scheduler): void {
  app.post<Asked>('/schedule-groups/:name', ({ params: { name } }, reply) =>
    answer(reply, () => ({ ScheduleGroupArn: scheduler.createGroup(name, callingAccount()).arn })),
  );
  app.get<Asked>('/schedule-groups/:name', ({ params: { name } }, reply) =>
    answer(reply, () => describeGroup(scheduler.group(name, callingAccount()))),
  );
  app.delete<Asked>('/schedule-groups/:name', ({ params: { name } }, reply) =>
    answer(reply, () => {
      scheduler.removeGroup(name);
      return {};
    }),
  );
  app.get<Asked>('/schedule-groups', ({ query }, reply) =>
    answer(reply, () => {
      const { NamePrefix = '', NextToken: token, MaxResults: max } = query;
      const all = scheduler.groups(callingAccount()).filter(({ name }) => name.startsWith(NamePrefix));
      const { page, ...more } = pageOf(all, { token, max }, ({ name }) => name);
      return { ScheduleGroups: page.map(describeGroup), ...more };
    }),
  );
}

/** The operation checks the values. @throws UnreadableRequestError when it is no schedule */
function scheduleOf(body: unknown): AskedSchedule & { readonly ClientToken?: string } {
  return readRequest(body, SCHEDULE);
}

function answer(reply: Reply, work: () => object): unknown {
  try {
    return sendAnswer(reply, { status: 200, body: work() });
  } catch (error) {
    // A refusal is an answer. Anything else is an error of this program, and the engine answers it with 500.
    if (!(error instanceof SchedulerError)) throw error;
    return sendAnswer(reply, { status: error.status, error: error.name, body: { Message: error.message } });
  }
}

function describe({ arn, settings, createdAt, changedAt }: KeptSchedule): object {
  return { Arn: arn, ...settings, CreationDate: createdAt / 1000, LastModificationDate: changedAt / 1000 };
}

function summarize({ arn, settings, createdAt, changedAt }: KeptSchedule): object {
  const { GroupName, Name, State, Target } = settings;
  const times = { CreationDate: createdAt / 1000, LastModificationDate: changedAt / 1000 };
  return { Arn: arn, GroupName, Name, State, Target: { Arn: Target.Arn }, ...times };
}

function describeGroup({ arn, name, createdAt }: KeptGroup): object {
  const at = createdAt / 1000;
  return { Arn: arn, Name: name, State: 'ACTIVE', CreationDate: at, LastModificationDate: at };
}
