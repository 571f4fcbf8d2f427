import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const HEAD = 'shop.DayEnded.v1: ';

/** The description of the schedule of an event. */
function descriptionOf(description: string): string {
  const DayEnded = defineEvent({
    type: 'shop.DayEnded',
    version: 1,
    description,
    data: z.unknown(),
    schedule: 'rate(1 day)',
  });
  const app = new App({ context: { app: 'shop', ...WITHOUT_BUNDLING } });
  const settings = readSettings(app.node);
  const template = Template.fromStack(new EventBusStack(app, { settings, events: [DayEnded] }));
  const [schedule] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
  return schedule?.Properties.Description;
}

it.each([
  ['that just fits', `${'x'.repeat(511 - HEAD.length)}🎄`, `${'x'.repeat(511 - HEAD.length)}🎄`],
  [
    'with an emoji where it is cut',
    `${'x'.repeat(511 - HEAD.length)}🎄!`,
    `${'x'.repeat(511 - HEAD.length)}🎄`,
  ],
  ['with an emoji after it is cut', `${'x'.repeat(512 - HEAD.length)}🎄`, 'x'.repeat(512 - HEAD.length)],
])('the description of an event %s is whole characters in its schedule', (_, given, expected) => {
  expect(descriptionOf(given)).toBe(HEAD + expected);
});
