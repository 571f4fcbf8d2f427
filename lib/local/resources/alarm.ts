import type { AlarmConfiguration } from '../alarms.ts';
import type { CreateResource } from './resource.ts';

/** AWS::CloudWatch::Alarm */
export const createAlarm: CreateResource = (request, { alarms, region, account }) => {
  const { properties } = request;
  const name = typeof properties.AlarmName === 'string' ? properties.AlarmName : request.name;
  // CloudFormation has checked the shape of these properties at synth.
  alarms.add(name, String(properties.AlarmDescription ?? ''), properties as AlarmConfiguration);
  return { physicalId: name, attributes: { Arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}` } };
};
