import { GetEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import type { ResourceReader } from './reader.ts';

/** States of a mapping that polls, or that will poll soon. */
const POLLING = ['Creating', 'Enabling', 'Enabled', 'Updating'];

/** AWS::Lambda::EventSourceMapping of a queue. */
export const lambdaEventSourceMapping: ResourceReader = {
  type: 'AWS::Lambda::EventSourceMapping',
  defaults: () => ({
    BatchSize: 10,
    Enabled: true,
    FilterCriteria: undefined,
    FunctionResponseTypes: undefined,
    MaximumBatchingWindowInSeconds: 0,
    ProvisionedPollerConfig: undefined,
    ScalingConfig: undefined,
  }),
  uncompared: { Tags: 'tags of the stack are compared' },
  read: async ({ lambda }, { physicalId: UUID, synthesized }) => {
    const mapping = await (await lambda()).send(new GetEventSourceMappingCommand({ UUID }));
    const { FunctionArn = '', State = '', MaximumBatchingWindowInSeconds = 0 } = mapping;
    const byArn = String(synthesized.FunctionName).startsWith('arn:');
    return {
      ...mapping,
      MaximumBatchingWindowInSeconds,
      Enabled: POLLING.includes(State),
      FunctionName: byArn ? FunctionArn : FunctionArn.split(':')[6],
    };
  },
};
