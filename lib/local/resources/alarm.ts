import type { AlarmConfiguration } from '../monitoring/alarm-configuration.ts';
import type { CreateResource } from './resource.ts';

/** AWS::CloudWatch::Alarm */
export const createAlarm: CreateResource = (request, { alarms, region, account }) => {
  const { properties } = request;
  const name = typeof properties.AlarmName === 'string' ? properties.AlarmName : request.name;
  // The CDK wrote these properties, so their shape is not checked.
  alarms.add(name, String(properties.AlarmDescription ?? ''), properties as AlarmConfiguration);
  return { physicalId: name, attributes: { Arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}` } };
};
