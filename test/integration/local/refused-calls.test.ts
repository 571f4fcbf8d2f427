import { beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { run, writeAssembly } from './assembly.ts';

let local: LocalStack;
beforeAll(async () => {
  local = await run(writeAssembly({ resources: {} }));
});

describe('SES refuses a mail', () => {
  const Simple = { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Ada' } } };
  const mail = {
    FromEmailAddress: 'Shop <shop@example.com>',
    Destination: { ToAddresses: ['ada@example.com'] },
    Content: { Simple },
  };
  const sendMail = async (change: object) => {
    const body = JSON.stringify({ ...mail, ...change });
    const { status, headers } = await fetch(`${local.awsEndpoint}/v2/email/outbound-emails`, {
      method: 'POST',
      body,
    });
    return [status, headers.get('x-amzn-errortype')];
  };
  const to = (...ToAddresses: string[]) => ({ Destination: { ToAddresses } });
  const many = Array.from({ length: 51 }, (_, index) => `a${index}@example.com`);

  it.each<[string, object, string]>([
    ['without a sender', { FromEmailAddress: undefined }, 'BadRequestException'],
    ['to nobody', { Destination: undefined }, 'BadRequestException'],
    ['to an address without a domain', to('ada'), 'BadRequestException'],
    ['to 51 addresses', to(...many), 'BadRequestException'],
    ['without content', { Content: undefined }, 'BadRequestException'],
    ['with two contents', { Content: { Simple, Raw: { Data: '' } } }, 'BadRequestException'],
    ['without a subject', { Content: { Simple: { Body: Simple.Body } } }, 'BadRequestException'],
    ['without a body', { Content: { Simple: { ...Simple, Body: {} } } }, 'BadRequestException'],
    [
      'of a template that is not there',
      { Content: { Template: { TemplateName: 'a' } } },
      'NotFoundException',
    ],
    [
      'raw, to an address that bounces',
      { Content: { Raw: { Data: '' } }, ...to('a@undeliverable.example') },
      'MessageRejected',
    ],
    ['to a name at an address that bounces', to('Ada <a@undeliverable.example>'), 'MessageRejected'],
  ])('%s', async (_, change, name) => {
    expect(await sendMail(change)).toEqual([400, name]);
    expect(local.mail()).toEqual([]);
  });

  it('but not one to 50 addresses', async () => {
    expect(await sendMail(to(...many.slice(1)))).toEqual([200, null]);
  });
});

async function call(target: string, body: object): Promise<[status: number, error: unknown]> {
  const answer = await fetch(local.awsEndpoint, {
    method: 'POST',
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  });
  const { __type } = await answer.json();
  return [answer.status, __type];
}

it.each([
  [0, 400, 'ValidationException'],
  [10, 200, undefined],
  [11, 400, 'ValidationException'],
])('EventBridge is sent %d events: %d', async (count, status, error) => {
  const Entries = Array.from({ length: count }, () => ({ Source: 's', DetailType: 'd', Detail: '{}' }));
  expect(await call('AWSEvents.PutEvents', { Entries })).toEqual([status, error]);
});

it.each<[string, object, string]>([
  ['with a name that has a space', { name: 'a b' }, 'InvalidName'],
  ['with a name that has a slash', { name: 'a/b' }, 'InvalidName'],
  ['with a name of 81 characters', { name: 'a'.repeat(81) }, 'InvalidName'],
  ['with an input that is no JSON', { input: 'x' }, 'InvalidExecutionInput'],
  ['of something else', { stateMachineArn: 'arn:aws:sqs:us-east-1:000000000000:q' }, 'InvalidArn'],
])('Step Functions refuses an execution %s', async (_, change, error) => {
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Work';
  expect(await call('AWSStepFunctions.StartExecution', { stateMachineArn, ...change })).toEqual([400, error]);
});
