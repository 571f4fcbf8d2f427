import type { Validation } from './rule.ts';

/** Each version that arrives is read by one contract. */
export const validateVersions: Validation = ({ definition: { listensTo } }) => {
  const types = listensTo.flatMap(({ versions }) => versions.map(({ versionedType }) => versionedType));
  const twice = new Set(types.filter((type, index) => types.indexOf(type) !== index));
  return [...twice].map(
    (type) =>
      `two of its contracts take ${type}, and only one could read it. Listen to the newer one alone; it reads the older versions too`,
  );
};
