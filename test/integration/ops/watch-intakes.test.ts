import { expect, it } from 'vitest';
import { watchIntakes } from '../../../lib/cli/watch-intakes.ts';
import type { IntakeState } from '../../../lib/intake/intake-state.ts';
import { eventually } from '../../apps/client.ts';
import { startIntakeRig } from './intake-rig.ts';

it('says once that a breaker has opened, whatever its next probe, and that it has closed', async () => {
  const rig = await startIntakeRig();
  const said: string[] = [];
  const at = Date.parse('2026-11-27T12:00:00Z');
  const put = async (state: Pick<IntakeState, 'intake' | 'since'> & Partial<IntakeState>): Promise<void> => {
    const before = await rig.table.read('email');
    await rig.table.change(before, { consumer: 'email', reason: 'no answer', ...state });
  };
  const deployment = { app: 'shop', stage: 'dev' };
  const stop = watchIntakes(rig.local, { deployment, say: (line) => said.push(line) });
  await put({ intake: 'tripped', since: at, nextProbeAt: at + 1_000 });
  await eventually('it has said one line', () => said.length === 1);
  await put({ intake: 'tripped', since: at, nextProbeAt: at + 2_000 });
  await put({ intake: 'flowing', since: at + 3_000 });
  await eventually('it has said another', () => said.length === 2);
  await put({ intake: 'paused', since: at + 4_000, by: 'ada@laptop' });
  await eventually('it has said the third', () => said.length === 3);
  await stop();
  await put({ intake: 'flowing', since: at + 5_000 });
  await rig.stop();
  expect(said).toEqual([
    'Consumer email: breaker open since 2026-11-27 12:00:00Z: no answer',
    'Consumer email: takes messages',
    'Consumer email: paused since 2026-11-27 12:00:04Z, until somebody resumes it, by ada@laptop: no answer',
  ]);
});
