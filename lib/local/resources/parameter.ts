import type { CreateResource } from './resource.ts';

interface ParameterProperties {
  readonly Name?: string;
  readonly Value?: string;
}

/** AWS::SSM::Parameter: a value that other stacks read by its name, when they are deployed. */
export const createParameter: CreateResource = ({ name, properties }, { parameters }) => {
  const { Name = name, Value = '' }: ParameterProperties = properties;
  parameters.set(Name, Value);
  return { physicalId: Name, attributes: { Type: 'String', Value } };
};
