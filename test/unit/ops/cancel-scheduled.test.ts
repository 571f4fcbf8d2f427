import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { serializeLaterMessage } from '../../../lib/later/later-message.ts';
import { findCancellable } from '../../../lib/ops/scheduled/cancel-scheduled.ts';

it('cancels no event by its id alone while there are schedules that were not read', async () => {
  const event = { specversion: '1.0', id: '42', source: '/a', type: 'a.B.v1', data: {} } as const;
  const scheduler = mockClient(SchedulerClient);
  scheduler.on(ListSchedulesCommand).resolves({ Schedules: [{ Name: 'one' }], NextToken: 'more' });
  scheduler.on(GetScheduleCommand).resolves({
    Name: 'one',
    ScheduleExpression: 'at(2030-01-01T00:00:00)',
    Target: { Arn: '', RoleArn: '', Input: serializeLaterMessage({ event }) },
  });
  const client = new SchedulerClient({ region: 'eu-west-1' });
  const clients = { scheduler: async () => client, sqs: { send: async () => ({}) } as never };
  const deployed = { groupName: 'group' } as Parameters<typeof findCancellable>[1];
  await expect(findCancellable(clients, deployed, { name: '42' })).rejects.toThrow(
    /there are more schedules than were read.*--source/,
  );
});
