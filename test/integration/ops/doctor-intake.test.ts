import { beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { Intake, IntakeState } from '../../../lib/intake/intake-state.ts';
import { setPolling } from '../../../lib/intake/mapping.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { examine } from '../../../lib/ops/doctor/examine.ts';
import type { Finding } from '../../../lib/ops/doctor/finding.ts';
import { type IntakeRig, startIntakeRig } from './intake-rig.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let rig: IntakeRig;

beforeAll(async () => {
  rig = await startIntakeRig();
  return () => rig.stop();
});
beforeEach(async () => {
  await put('flowing', {});
  await poll('on');
});

/** Writes the state of `email`. */
async function put(intake: Intake, more: Partial<IntakeState>): Promise<void> {
  const before = await rig.table.read('email');
  await rig.table.change(before, { consumer: 'email', since: Date.now(), reason: 'moving', ...more, intake });
}

function poll(wanted: 'on' | 'off'): Promise<unknown> {
  const { functionName = '' } = rig.deployment.consumers.find(({ label }) => label === 'email') ?? {};
  return setPolling(rig.lambda, functionName, wanted);
}

/** What the doctor finds of the mapping and the intake of `email`. */
async function findings(): Promise<readonly Partial<Finding>[]> {
  const { findings: found } = await examine(rig.clients, {
    app: 'shop',
    stage: 'dev',
    place: { kind: 'local', ...rig.local },
    assemblyDirectory: rig.assemblyDirectory,
    knownTypes: [],
  });
  return found
    .filter(
      ({ resource }) =>
        resource.startsWith('AWS::Lambda::EventSourceMapping') || resource.startsWith('intake'),
    )
    .map(({ severity, resource, detail, remedy }) => ({ severity, resource, detail, remedy }));
}

const AT = String.raw`\d{4}-\d\d-\d\d [\d:]{8}Z`;
const match = (pattern: string) => expect.stringMatching(new RegExp(`^${pattern}$`));

it('a consumer that flows has nothing to be found', async () => {
  expect(await findings()).toEqual([]);
});

it('a consumer that is paused for some hours is no drift: its mapping is disabled on purpose', async () => {
  await put('paused', { since: Date.now() - 23 * HOUR, by: 'ada@laptop' });
  await poll('off');
  expect(await findings()).toEqual([]);
});

it('a consumer whose breaker has been open for some minutes is no drift either', async () => {
  await put('tripped', { since: Date.now() - 59 * MINUTE });
  await poll('off');
  expect(await findings()).toEqual([]);
});

it('a mapping that is disabled while the consumer flows was disabled by hand, and resume enables it', async () => {
  await poll('off');
  expect(await findings()).toEqual([
    {
      severity: 'error',
      resource: 'AWS::Lambda::EventSourceMapping shop-dev-Email/Mapping',
      detail: 'has Enabled: false, and true is synthesized',
      remedy:
        'somebody has changed it by hand: npx fanfare resume email lets Lambda poll again; if it should take nothing, say so: npx fanfare pause email --reason ...',
    },
  ]);
});

it('a mapping that is enabled while the consumer is paused is found', async () => {
  await put('paused', { by: 'ada@laptop' });
  expect(await findings()).toEqual([
    {
      severity: 'error',
      resource: 'intake of email',
      detail: match(
        `paused since ${AT}, until somebody resumes it, by ada@laptop: moving; but Lambda polls its queue all the same`,
      ),
      remedy: 'stop it: npx fanfare pause email; or let it take messages: npx fanfare resume email',
    },
  ]);
});

it('a mapping that is enabled while the breaker is open is found', async () => {
  await put('tripped', {});
  expect(await findings()).toEqual([
    {
      severity: 'error',
      resource: 'intake of email',
      detail: match(`breaker open since ${AT}: moving; but Lambda polls its queue all the same`),
      remedy: 'let it take messages: npx fanfare resume email',
    },
  ]);
});

it('a pause without an end that is older than a day is found', async () => {
  await put('paused', { since: Date.now() - 25 * HOUR, by: 'ada@laptop' });
  await poll('off');
  expect(await findings()).toEqual([
    {
      severity: 'warning',
      resource: 'intake of email',
      detail: match(
        `paused since ${AT}, until somebody resumes it, by ada@laptop: moving; its queue deletes what waits for too long`,
      ),
      remedy:
        'resume it: npx fanfare resume email; or give the pause an end: npx fanfare pause email --for 2h',
    },
  ]);
});

it('a pause with an end may last for days, and is found when its end has passed', async () => {
  const since = Date.now() - 50 * HOUR;
  await poll('off');
  await put('paused', { since, until: Date.now() + HOUR });
  expect(await findings()).toEqual([]);
  await put('paused', { since, until: Date.now() - 4 * MINUTE });
  expect(await findings()).toEqual([]);
  await put('paused', { since, until: Date.now() - 6 * MINUTE });
  expect(await findings()).toEqual([
    {
      severity: 'error',
      resource: 'intake of email',
      detail: match(
        `paused since ${AT} until ${AT}: moving; that time is over, and its controller has not resumed it`,
      ),
      remedy: expect.stringMatching(
        /^resume it: npx fanfare resume email; then look .* ControlFunctionName$/,
      ),
    },
  ]);
});

it('a breaker that has been open for more than an hour is found', async () => {
  await put('tripped', { since: Date.now() - 61 * MINUTE });
  await poll('off');
  expect(await findings()).toEqual([
    {
      severity: 'warning',
      resource: 'intake of email',
      detail: match(`breaker open since ${AT}: moving; its queue deletes what waits for too long`),
      remedy:
        'see to what it calls; the breaker closes by itself when that answers (npx fanfare resume email closes it by hand)',
    },
  ]);
});

it('a table that cannot be read is said once, and then the mapping is compared as ever', async () => {
  await poll('off');
  const { awsEndpoint } = rig.local;
  const failing = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint: 'http://127.0.0.1:1' });
  onTestFinished(() => failing.close());
  const { findings: found } = await examine(failing, {
    app: 'shop',
    stage: 'dev',
    place: { kind: 'local', ...rig.local },
    assemblyDirectory: rig.assemblyDirectory,
    knownTypes: [],
  });
  expect(found.find(({ property }) => property === 'Enabled')?.remedy).toContain('--revert-drift');
  const unseen = found.filter(({ severity }) => severity === 'could not look');
  expect(unseen.map(({ resource }) => resource).join()).toContain('intake table of shop-dev-Bus');
});
