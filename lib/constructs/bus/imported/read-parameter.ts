import { CfnParameter } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type BusAddress, type BusParameter, parameterName } from '../../../contracts/bus/bus-parameters.ts';

/**
 * A value that the bus has written. CloudFormation reads it at each deployment. When there is no such parameter, it names it and refuses
 * the deployment before it changes anything.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
 */
export function readParameter(address: BusAddress): (parameter: BusParameter, scope: Construct) => string {
  return (parameter, scope) =>
    new CfnParameter(scope, parameter, {
      type: 'AWS::SSM::Parameter::Value<String>',
      default: parameterName(address, parameter),
    }).valueAsString;
}
