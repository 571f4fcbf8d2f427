import type { AskedSchedule } from '../scheduler/read-settings.ts';
import { invalid } from '../scheduler/scheduler-error.ts';
import type { CreateResource } from './resource.ts';

/** A name of a schedule or a group is the shortest that AWS allows. */
const MAX_NAME = 64;

/** AWS::Scheduler::Schedule of a queue or a function. One that exists is changed only when its template has changed. */
export const createSchedule: CreateResource = ({ name, properties }, { scheduler, account }) => {
  const { StartDate, EndDate, ...same } = properties;
  // The properties have the names of the API's; the scheduler checks them.
  const asked: AskedSchedule = {
    Name: name.slice(-MAX_NAME),
    ...same,
    ...(StartDate !== undefined && { StartDate: secondsOf('StartDate', StartDate) }),
    ...(EndDate !== undefined && { EndDate: secondsOf('EndDate', EndDate) }),
  };
  const { arn, settings } = scheduler.putFromTemplate(asked, account);
  return { physicalId: settings.Name, attributes: { Arn: arn } };
};

/** AWS::Scheduler::ScheduleGroup */
export const createScheduleGroup: CreateResource = ({ name, properties }, { scheduler, account }) => {
  const { Name = name.slice(-MAX_NAME) } = properties;
  const { arn } = scheduler.putGroupFromTemplate(String(Name), account);
  return { physicalId: String(Name), attributes: { Arn: arn } };
};

/** A template says it as an ISO 8601 time. @throws SchedulerError ValidationException when it is none */
function secondsOf(field: string, date: unknown): number {
  const milliseconds = Date.parse(String(date));
  if (Number.isNaN(milliseconds))
    throw invalid(`${field} '${date}' is no ISO 8601 time, such as 2026-01-31T12:00:00.000Z`);
  return milliseconds / 1000;
}
