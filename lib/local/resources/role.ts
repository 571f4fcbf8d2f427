import type { CreateResource } from './resource.ts';

/** AWS::IAM::Role: a name and an ARN. Permissions are not enforced here. */
export const createRole: CreateResource = ({ name, properties }, { account }) => {
  const roleName = typeof properties.RoleName === 'string' ? properties.RoleName : name;
  return {
    physicalId: roleName,
    attributes: { Arn: `arn:aws:iam::${account}:role/${roleName}`, RoleId: roleName },
  };
};
