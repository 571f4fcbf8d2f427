import type { CreateResource } from './resource.ts';

/** AWS::Lambda::Permission: a statement of the policy of its function. It can be read, and is not enforced here. */
export const createPermission: CreateResource = ({ name }) => ({
  physicalId: name,
  attributes: { Id: name },
});
