import type { CreateResource } from './resource.ts';

/** AWS::KMS::Key: an id and an ARN; nothing is encrypted on this machine. */
export const createKey: CreateResource = ({ name }, { region, account }) => ({
  physicalId: name,
  attributes: { Arn: `arn:aws:kms:${region}:${account}:key/${name}`, KeyId: name },
});

/** AWS::KMS::Alias: its name. */
export const createAlias: CreateResource = ({ name, properties }) => ({
  physicalId: typeof properties.AliasName === 'string' ? properties.AliasName : `alias/${name}`,
  attributes: {},
});
