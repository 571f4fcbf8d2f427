import type { CreateResource } from '../resources/resource.ts';

/** AWS::StepFunctions::StateMachine: it exists, and its executions are kept, not run. */
export const createStateMachine: CreateResource = ({ name }, machine) => {
  machine.note(
    'Step Functions does not run on this machine: executions that functions start are kept, not run',
  );
  const arn = `arn:aws:states:${machine.region}:${machine.account}:stateMachine:${name}`;
  return { physicalId: arn, attributes: { Arn: arn, Name: name } };
};
