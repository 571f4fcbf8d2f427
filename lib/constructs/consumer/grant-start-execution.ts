import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/**
 * Lets a function start executions of a state machine, whose ARN it gets as `STATE_MACHINE_ARN`.
 *
 * @throws TypeError when it is an express workflow: their names are not kept, so each attempt would start another execution
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export function grantStartExecution(starter: LambdaFunction, stateMachine: IStateMachine): Grant {
  // An imported one does not say what it is.
  if ('stateMachineType' in stateMachine && stateMachine.stateMachineType === 'EXPRESS') {
    throw new TypeError(
      `${stateMachine.node.path} is an express workflow, which each attempt of an event would start again; make it a standard workflow`,
    );
  }
  starter.addEnvironment('STATE_MACHINE_ARN', stateMachine.stateMachineArn);
  return Grant.addToPrincipal({
    grantee: starter,
    actions: ['states:StartExecution'],
    resourceArns: [stateMachine.stateMachineArn],
  });
}
