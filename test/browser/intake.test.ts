import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalConsole } from '../../lib/cli/open-local-console.ts';
import type { RunningConsole } from '../../lib/console/start-console.ts';
import { readPolling, setPolling } from '../../lib/intake/mapping.ts';
import { busStack, type IntakeRig, startIntakeRig } from '../integration/ops/intake-rig.ts';
import { startBrowser } from './start-browser.ts';

let rig: IntakeRig;
let console: RunningConsole;
let browser: Browser;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  rig = await startIntakeRig();
  console = await openLocalConsole(rig.local, { contracts: [], port: 0 });
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1_200, height: 800 } });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(console.signInUrl);
  await page.getByRole('heading', { name: 'Bus', level: 1 }).waitFor();
}, 90_000);

afterAll(async () => {
  await browser.close();
  await console.stop();
  await rig.stop();
});

const card = (name: string) =>
  page.locator('.spine li', { has: page.getByRole('heading', { name, exact: true }) });
const polling = (name: string) =>
  readPolling(rig.lambda, rig.deployment.consumers.find(({ label }) => label === name)?.functionName ?? '');

async function seriousViolations(): Promise<readonly string[]> {
  const { violations } = (await page.evaluate(`${axe.source}; axe.run()`)) as axe.AxeResults;
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe('the card of a consumer', () => {
  it('pauses it after a confirmation, with a reason and an end, by the keyboard', async () => {
    await card('email').getByText('Healthy').waitFor();
    expect(await card('email').getByRole('button', { name: 'Resume email' }).isVisible()).toBe(false);
    await card('email').getByRole('button', { name: 'Pause email' }).press('Enter');
    await page
      .getByRole('dialog', { name: 'Pause email?' })
      .getByRole('button', { name: 'Back' })
      .press('Enter');
    expect(await rig.table.read('email')).toBeUndefined();
    await card('email').getByRole('button', { name: 'Pause email' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Pause email?' });
    expect(await seriousViolations()).toEqual([]);
    await dialog.getByLabel('Why').fill('the <b>bank</b> moves');
    await dialog.getByLabel('How long').selectOption('for 2 hours');
    await dialog.getByRole('button', { name: 'Pause it' }).press('Enter');
    await card('email')
      .getByText(/^paused since .* until .*, by .*@.*: the <b>bank<\/b> moves$/)
      .waitFor();
    await card('email').getByText('Paused', { exact: true }).waitFor();
    await card('invoice').getByText('Healthy').waitFor();
    expect([await polling('email'), await polling('invoice')]).toEqual(['off', 'on']);
    const { since = 0, until = 0, reason } = (await rig.table.read('email')) ?? {};
    expect({ minutes: (until - since) / 60_000, reason }).toEqual({
      minutes: 120,
      reason: 'the <b>bank</b> moves',
    });
    expect(await card('email').getByRole('button', { name: 'Pause email' }).isVisible()).toBe(false);
  });

  it('resumes it after a confirmation that says why it was paused', async () => {
    await card('email').getByRole('button', { name: 'Resume email' }).press('Enter');
    await page
      .getByRole('dialog')
      .getByText(/^Let email take events again\? paused since/)
      .waitFor();
    await page.getByRole('button', { name: 'Resume it' }).press('Enter');
    await card('email').getByText('Healthy').waitFor();
    await card('email').getByRole('button', { name: 'Pause email' }).waitFor();
    expect(await polling('email')).toBe('on');
  });

  it('shows an open breaker with its next probe, and closes it by hand', async () => {
    const functionName =
      rig.deployment.consumers.find(({ label }) => label === 'invoice')?.functionName ?? '';
    await rig.table.change(undefined, {
      ...{ consumer: 'invoice', intake: 'tripped', since: Date.now(), nextProbeAt: Date.now() + 30_000 },
      reason: 'TransientError: the bank does not answer',
    });
    await setPolling(rig.lambda, functionName, 'off');
    await card('invoice').getByText('Breaker open', { exact: true }).waitFor();
    await card('invoice')
      .getByText(/^breaker open since .*, next probe .*: TransientError: the bank/)
      .waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await seriousViolations()).toEqual([]);
    await card('invoice').getByRole('button', { name: 'Resume invoice' }).click();
    await page
      .getByRole('dialog')
      .getByText(/^Close the breaker of invoice by hand\?/)
      .waitFor();
    await page.getByRole('button', { name: 'Resume it' }).click();
    await card('invoice').getByText('Healthy').waitFor();
    expect(await rig.table.read('invoice')).toMatchObject({
      intake: 'flowing',
      closedAt: expect.any(Number),
    });
  });
});

it('has complained of nothing', () => {
  expect(problems).toEqual([]);
});

describe('where the bus cannot stop a consumer', () => {
  it('there is no button', async () => {
    const old = await startIntakeRig(busStack([]));
    const other = await openLocalConsole(old.local, { contracts: [], port: 0 });
    const tab = await browser.newPage();
    await tab.goto(other.signInUrl);
    await tab.getByText('Healthy').nth(3).waitFor();
    expect(await tab.getByRole('button', { name: /^(Pause|Resume) / }).count()).toBe(0);
    await tab.close();
    await other.stop();
    await old.stop();
  });
});
