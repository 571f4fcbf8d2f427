import type { EngineApp } from './engines/fauxqs.ts';
import { entryOf } from './functions/entry-of.ts';

/** A stack that runs on this machine. */
export interface LocalStackDescription {
  readonly name: string;
  /** Its ARN. */
  readonly id: string;
  readonly resources: readonly {
    readonly logicalId: string;
    readonly physicalId: string;
    readonly type: string;
  }[];
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** Values that were read from Systems Manager, by the name of the parameter in the template. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly template: object;
  readonly terminationProtection: boolean;
}

/** Creation time of every local stack. Nothing here depends on it. */
const CREATED = new Date(0).toISOString();

/**
 * Serves CloudFormation's DescribeStacks, ListStackResources and GetTemplate: names, tags, outputs, termination protection, physical ids and
 * templates. Call it before the engine listens.
 *
 * @param stacks called for every request
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
 */
export function serveStacks(app: EngineApp, stacks: () => readonly LocalStackDescription[]): void {
  app.addHook('preHandler', async (request, reply) => {
    // Requests to CloudFormation are forms, which the engine has parsed. Requests to other services have other bodies.
    const form = (request.body ?? {}) as { readonly Action?: string; readonly StackName?: string };
    const describe = entryOf(ACTIONS, form.Action ?? '');
    if (!describe) return;
    const { StackName } = form;
    const wanted = stacks().filter(({ name, id }) => [undefined, name, id].includes(StackName));
    const type = 'text/xml';
    return wanted.length > 0
      ? reply.header('content-type', type).send(describe(wanted))
      : reply
          .status(400)
          .header('content-type', type)
          .send(missing(StackName ?? ''));
  });
}

const ACTIONS: Readonly<Record<string, (stacks: readonly LocalStackDescription[]) => string>> = {
  DescribeStacks: describeStacks,
  ListStackResources: listResources,
  GetTemplate: getTemplate,
};

function getTemplate([stack]: readonly LocalStackDescription[]): string {
  const body = escapeText(JSON.stringify(stack?.template));
  return `<GetTemplateResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><GetTemplateResult><TemplateBody>${body}</TemplateBody></GetTemplateResult></GetTemplateResponse>`;
}

function listResources(stacks: readonly LocalStackDescription[]): string {
  const members = stacks
    .flatMap(({ resources }) => resources)
    .map(
      ({ logicalId, physicalId, type }) =>
        `<member><LogicalResourceId>${escapeText(logicalId)}</LogicalResourceId><PhysicalResourceId>${escapeText(physicalId)}</PhysicalResourceId>` +
        `<ResourceType>${escapeText(type)}</ResourceType><LastUpdatedTimestamp>${CREATED}</LastUpdatedTimestamp><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`,
    );
  return `<ListStackResourcesResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><ListStackResourcesResult><StackResourceSummaries>${members.join('')}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`;
}

function describeStacks(stacks: readonly LocalStackDescription[]): string {
  const members = stacks.map(
    ({ name, id, tags, outputs, parameters, terminationProtection }) =>
      `<member><StackName>${escapeText(name)}</StackName><StackId>${escapeText(id)}</StackId><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>${CREATED}</CreationTime><EnableTerminationProtection>${terminationProtection}</EnableTerminationProtection>` +
      `<Tags>${pairs(tags, 'Key', 'Value')}</Tags><Outputs>${pairs(outputs, 'OutputKey', 'OutputValue')}</Outputs><Parameters>${pairs(parameters, 'ParameterKey', 'ResolvedValue')}</Parameters></member>`,
  );
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>${members.join('')}</Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function pairs(values: Readonly<Record<string, string>>, key: string, value: string): string {
  return Object.entries(values)
    .map(
      ([name, text]) =>
        `<member><${key}>${escapeText(name)}</${key}><${value}>${escapeText(text)}</${value}></member>`,
    )
    .join('');
}

function missing(name: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${escapeText(name)} does not exist</Message></Error></ErrorResponse>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
