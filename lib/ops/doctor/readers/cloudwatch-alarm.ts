import type { ResourceReader } from './reader.ts';

/** AWS::CloudWatch::Alarm */
export const cloudwatchAlarm: ResourceReader = {
  type: 'AWS::CloudWatch::Alarm',
  defaults: ({ EvaluationPeriods }) => ({
    ActionsEnabled: true,
    AlarmActions: undefined,
    AlarmDescription: undefined,
    DatapointsToAlarm: EvaluationPeriods,
    Dimensions: undefined,
    ExtendedStatistic: undefined,
    InsufficientDataActions: undefined,
    Metrics: undefined,
    OKActions: undefined,
    TreatMissingData: 'missing',
    Unit: undefined,
  }),
  uncompared: { Tags: 'tags of the stack are compared' },
  read: async ({ alarmNamed }, { physicalId }) => {
    const alarm = await alarmNamed(physicalId);
    if (!alarm) return undefined;
    const { ActionsEnabled = true, TreatMissingData = 'missing', EvaluationPeriods } = alarm;
    const { DatapointsToAlarm = EvaluationPeriods } = alarm;
    return { ...alarm, ActionsEnabled, TreatMissingData, DatapointsToAlarm };
  },
};
