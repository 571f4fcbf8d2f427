import type { EngineApp } from './engines/fauxqs.ts';

/** A stack that runs on this machine. */
export interface LocalStackDescription {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
}

/** When the stacks of this machine were made, as far as it matters. */
const CREATED = new Date(0).toISOString();

/**
 * CloudFormation's DescribeStacks on this machine: names, tags, outputs and termination protection. Call it before the engine listens.
 *
 * @param stacks asked for every request
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export function serveStacks(app: EngineApp, stacks: () => readonly LocalStackDescription[]): void {
  app.addHook('preHandler', async (request, reply) => {
    // A form, which the engine has parsed; others have a body of another kind.
    const form = (request.body ?? {}) as { readonly Action?: string; readonly StackName?: string };
    if (form.Action !== 'DescribeStacks') return;
    const { StackName } = form;
    const wanted = stacks().filter(({ name }) => StackName === undefined || name === StackName);
    const type = 'text/xml';
    return wanted.length > 0
      ? reply.header('content-type', type).send(describe(wanted))
      : reply
          .status(400)
          .header('content-type', type)
          .send(missing(StackName ?? ''));
  });
}

function describe(stacks: readonly LocalStackDescription[]): string {
  const members = stacks.map(
    ({ name, tags, outputs, terminationProtection }) =>
      `<member><StackName>${escapeText(name)}</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>${CREATED}</CreationTime><EnableTerminationProtection>${terminationProtection}</EnableTerminationProtection>` +
      `<Tags>${pairs(tags, 'Key', 'Value')}</Tags><Outputs>${pairs(outputs, 'OutputKey', 'OutputValue')}</Outputs></member>`,
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
