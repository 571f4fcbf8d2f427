import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConsoleContext } from '../../../lib/console/console-context.ts';
import { openConsole } from '../../../lib/console/open-console.ts';
import { readPolling, setPolling } from '../../../lib/intake/mapping.ts';
import { createPublisher } from '../../../lib/publishing/client/create-publisher.ts';
import { busStack, type IntakeRig, startIntakeRig } from './intake-rig.ts';

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}
type Ask = (path: string, body?: object) => Promise<Answer>;

const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

let rig: IntakeRig;
let ask: Ask;

beforeAll(async () => {
  rig = await startIntakeRig();
  ends.push(rig.stop);
  ask = await open(rig);
});
beforeEach(() => ask('email/resume'));

/** Opens a console of a deployment that differs so, and its session. */
async function open(
  { local, clients, deployment }: IntakeRig,
  different: Partial<ConsoleContext> = {},
): Promise<Ask> {
  const { awsEndpoint, dynamodbEndpoint } = local;
  const context: ConsoleContext = {
    place: { kind: 'local', awsEndpoint, dynamodbEndpoint },
    clients,
    deployment,
    publisher: createPublisher({ topicArn: deployment.topicArn, sns: clients.sns }),
    contracts: [],
    readOnly: false,
    ...different,
  };
  const { url, signInUrl, stop } = await openConsole(context, 0);
  ends.push(stop);
  const post = (path: string, body: object, headers: Record<string, string>) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const session = await post('/session', { token: new URL(signInUrl).hash.replace('#token=', '') }, {});
  const [cookie = ''] = (session.headers.get('set-cookie') ?? '').split(';');
  const { key } = await session.json();
  return async (path, body = {}) => {
    const answer = await post(`/api/intake/${path}`, body, { cookie, 'x-fanfare-key': key });
    return { status: answer.status, body: await answer.json() };
  };
}

const polling = (label: string) =>
  readPolling(rig.lambda, rig.deployment.consumers.find((one) => one.label === label)?.functionName ?? '');

describe('a pause by the console', () => {
  it.each([
    ['no minutes', { forMinutes: 0 }],
    ['half a minute', { forMinutes: 0.5 }],
    ['more than a year', { forMinutes: 525_601 }],
    ['an empty reason', { reason: ' ' }],
    ['a reason of 301 characters', { reason: 'x'.repeat(301) }],
  ])('with %s is refused, and nothing is changed', async (_, body) => {
    expect((await ask('invoice/pause', body)).status).toBe(400);
    expect(await rig.table.read('invoice')).toBeUndefined();
  });

  it('of an unknown consumer is refused with the list', async () => {
    const { status, body } = await ask('emial/pause');
    expect({ status, problem: body.problem }).toEqual({
      status: 400,
      problem: expect.stringContaining('email'),
    });
  });

  it('stops the consumer, and says until when, by whom and why; resume ends it', async () => {
    const { status, body } = await ask('email/pause', { reason: 'the bank moves', forMinutes: 120 });
    expect(status).toBe(200);
    expect(body).toEqual({
      intake: {
        state: 'paused',
        since: expect.stringMatching(/Z$/),
        until: expect.stringMatching(/Z$/),
        by: expect.stringContaining('@'),
        reason: 'the bank moves',
      },
      detail: expect.stringMatching(/^paused since .* until .*, by .*@.*: the bank moves$/),
    });
    const { since = 0, until = 0 } = (await rig.table.read('email')) ?? {};
    expect(until - since).toBe(7_200_000);
    expect(await polling('email')).toBe('off');
    expect((await ask('email/resume')).body).toMatchObject({
      intake: { state: 'flowing' },
      detail: 'takes messages',
    });
    expect(await polling('email')).toBe('on');
  });

  it('takes the label of a consumer of another app', async () => {
    expect((await ask(`${encodeURIComponent('fraud-dev/check')}/pause`)).status).toBe(200);
    expect(await rig.table.read('fraud-dev/check')).toMatchObject({ intake: 'paused' });
    expect((await ask(`${encodeURIComponent('fraud-dev/check')}/resume`)).status).toBe(200);
  });

  it('that somebody else ends meanwhile is answered with what holds', async () => {
    const { lambda } = rig.clients;
    const resumed = async (): Promise<void> => {
      const before = await rig.table.read('email');
      await rig.table.change(before, {
        consumer: 'email',
        intake: 'flowing',
        since: 0,
        reason: '',
        by: 'eve@desk',
      });
    };
    const ofOther = await open(rig, {
      clients: {
        ...rig.clients,
        lambda: async () => {
          const client = await lambda();
          const send = client.send.bind(client);
          return Object.assign(Object.create(client), {
            send: async (command: Parameters<typeof send>[0]) => {
              if (
                command.constructor.name === 'UpdateEventSourceMappingCommand' &&
                'Enabled' in command.input &&
                !command.input.Enabled
              )
                await resumed();
              return send(command);
            },
          });
        },
      },
    });
    const { status, body } = await ofOther('email/pause');
    expect({ status, problem: body.problem }).toEqual({
      status: 409,
      problem: 'somebody else, or its breaker, has changed it meanwhile: takes messages',
    });
    expect(await polling('email')).toBe('on');
  });
});

describe('a console that cannot', () => {
  it('because it is read-only has no such action', async () => {
    const readOnly = await open(rig, { readOnly: true });
    expect((await readOnly('email/pause')).status).toBe(404);
    expect((await readOnly('email/resume')).status).toBe(404);
  });

  it('because the bus is of an older version says so', async () => {
    const old = await startIntakeRig(busStack([]));
    ends.push(old.stop);
    const { status, body } = await (await open(old))('email/pause');
    expect(status).toBe(409);
    expect(body.problem).toContain('it is of an older version');
  });

  it('because nothing would end the pause says so', async () => {
    const half = await startIntakeRig(busStack(['IntakeTableName']));
    ends.push(half.stop);
    const { status, body } = await (await open(half))('email/pause', { forMinutes: 60 });
    expect(status).toBe(409);
    expect(body.problem).toContain('nothing would end the pause of email');
  });
});

it('a mapping that was disabled by hand is enabled by resume', async () => {
  const { functionName = '' } = rig.deployment.consumers.find(({ label }) => label === 'email') ?? {};
  await setPolling(rig.lambda, functionName, 'off');
  expect((await ask('email/resume')).status).toBe(200);
  expect(await polling('email')).toBe('on');
});
