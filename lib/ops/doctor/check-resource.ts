import { clipText } from '../../contracts/text/clip-text.ts';
import { undefinedIfMissing } from '../problem.ts';
import { locationOf } from './attributes.ts';
import { compare, type Difference, describeValue } from './compare.ts';
import { type ComparedStack, nameOf } from './compared-stack.ts';
import type { Finding } from './finding.ts';
import type { TemplateResource } from './read-assembly.ts';
import { READERS } from './readers/index.ts';
import type { Properties, ResourceReader, Source } from './readers/reader.ts';
import { type Pairs, resolve } from './resolve.ts';

/** A resource of a stack that is synthesized and deployed. */
export interface Subject {
  readonly stack: ComparedStack;
  readonly pairs: Pairs;
  readonly logicalId: string;
  readonly resource: TemplateResource;
}

const MAX_SHOWN = 300;
/** Properties that are texts for people. A difference has no effect, so it is only a warning. */
const TEXT_PROPERTIES = /(^|\.)(AlarmDescription|Description|DisplayName|Label)$/;

/**
 * Compares a synthesized resource with the existing one. Properties that cannot be read are compared with the deployed template instead; for those,
 * a change by hand is not found.
 */
export async function checkResource(source: Source, subject: Subject): Promise<readonly Finding[]> {
  const { stack, pairs, logicalId, resource } = subject;
  const deployed = stack.resources.get(logicalId);
  if (!deployed) {
    return resource.Condition === undefined
      ? [missing(subject, 'is in the app, but not deployed', deploy(stack))]
      : [];
  }
  const reader = READERS.get(resource.Type);
  if (!reader) return compareTemplates(subject).map((difference) => describe(subject, difference));
  const synthesized = resolve(resource.Properties ?? {}, stack, pairs) as Properties;
  const { physicalId } = deployed;
  const location = locationOf(stack.deployed.id);
  const found = await undefinedIfMissing(reader.read(source, { physicalId, synthesized, location }));
  if (!found) return [missing(subject, `does not exist any more; it was ${physicalId}`, revert(stack))];
  const unread = compareTemplates(subject).filter(({ path }) =>
    Object.hasOwn(reader.uncompared, topOf(path)),
  );
  return [...differencesOf(reader, synthesized, found), ...unread].map((difference) =>
    describe(subject, difference, reader),
  );
}

/** Compares the synthesized template with the deployed one. References are not resolved. */
function compareTemplates({ stack, logicalId, resource }: Subject): readonly Difference[] {
  const deployed = stack.deployedTemplate?.Resources?.[logicalId];
  return deployed ? compare(resource.Properties ?? {}, deployed.Properties ?? {}) : [];
}

function differencesOf(
  reader: ResourceReader,
  synthesized: Properties,
  deployed: Properties,
): readonly Difference[] {
  const defaults = reader.defaults(synthesized);
  const names = new Set([...Object.keys(defaults), ...Object.keys(synthesized)]);
  return [...names]
    .filter((name) => !Object.hasOwn(reader.uncompared, name))
    .flatMap((name) => compare(withDefault(synthesized[name], defaults[name]), deployed[name], name));
}

/** A value, or the default when there is none; objects are merged. */
function withDefault(value: unknown, defaultValue: unknown): unknown {
  if (value === undefined) return defaultValue;
  const areObjects = [value, defaultValue].every(
    (one) => typeof one === 'object' && one !== null && !Array.isArray(one),
  );
  return areObjects ? { ...Object(defaultValue), ...Object(value) } : value;
}

function describe(subject: Subject, difference: Difference, reader?: ResourceReader): Finding {
  const { stack, logicalId } = subject;
  const { path, synthesized } = difference;
  const hidden = reader?.secret?.some((beginning) => path.startsWith(beginning)) ?? false;
  const deployed =
    hidden && difference.deployed !== undefined ? 'another value, which is not shown' : difference.deployed;
  const values = `${shorten(describeValue(deployed))}, and ${shorten(describeValue(synthesized))} is synthesized`;
  const isNew = compareTemplates(subject).some((one) => topOf(one.path) === topOf(path));
  return {
    severity: TEXT_PROPERTIES.test(path) ? 'warning' : 'error',
    resource: nameOf(stack, logicalId),
    detail: `has ${path}: ${values}${isNew ? ' and not deployed yet' : ''}`,
    remedy: isNew ? deploy(stack) : restore(stack),
    property: path,
    synthesized,
    deployed,
  };
}

function missing({ stack, logicalId }: Subject, detail: string, remedy: string): Finding {
  return { severity: 'error', resource: nameOf(stack, logicalId), detail, remedy };
}

function deploy({ deployed: { stackName } }: ComparedStack): string {
  return `npx cdk deploy ${stackName}, with the -c settings of its stage; or check out the version that is deployed`;
}

/**
 * An ordinary deployment changes only properties whose template has changed. Changes by hand stay.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
 */
function revert({ deployed: { stackName } }: ComparedStack): string {
  return `npx cdk deploy ${stackName} --revert-drift, with the -c settings of its stage`;
}

/** That somebody changed it by hand is known only when the deployed template could be read. */
function restore(stack: ComparedStack): string {
  return stack.deployedTemplate ? `somebody has changed it by hand: ${revert(stack)}` : revert(stack);
}

/** The property that a path begins with. */
function topOf(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${clipText(text, MAX_SHOWN)} ...` : text;
}
