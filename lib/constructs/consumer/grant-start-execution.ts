import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** The state machine that a function starts. */
const started = new WeakMap<LambdaFunction, IStateMachine>();

/**
 * Lets a function start executions of a state machine, whose ARN it gets as `STATE_MACHINE_ARN`.
 *
 * @throws TypeError when the function starts another state machine already
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
  const granted = started.get(starter);
  if (granted !== undefined && granted !== stateMachine)
    throw new TypeError(
      `${starter.node.path} starts ${granted.node.path} already, and STATE_MACHINE_ARN can name only one; start the other from a consumer of its own, or grant it yourself with a variable of another name`,
    );
  started.set(starter, stateMachine);
  starter.addEnvironment('STATE_MACHINE_ARN', stateMachine.stateMachineArn);
  return Grant.addToPrincipal({
    grantee: starter,
    actions: ['states:StartExecution'],
    resourceArns: [stateMachine.stateMachineArn],
  });
}
