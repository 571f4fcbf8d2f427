import { describe, expect, it } from 'vitest';
import { UnreadableError } from '../../../../lib/ops/errors.ts';
import { intakeKeyOf, readIntakeOutputs, requireIntake } from '../../../../lib/ops/intake/deployed-intake.ts';
import { describeIntake, shownIntake } from '../../../../lib/ops/intake/shown-intake.ts';

const stack = (StackName: string, outputs: Readonly<Record<string, string>>) => ({
  StackName,
  CreationTime: new Date(0),
  StackStatus: 'CREATE_COMPLETE' as const,
  Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
});

describe('the buses that can stop a consumer', () => {
  it('are those whose stacks name the table, with or without a controller', () => {
    const stacks = [
      stack('shop-dev-Bus', { IntakeTableName: 'table', ControlQueueUrl: 'https://control' }),
      stack('shop-dev-Bus-Returns', { IntakeTableName: 'other' }),
      stack('shop-dev-Bus-Old', { ControlQueueUrl: 'https://control' }),
    ];
    expect(readIntakeOutputs(stacks)).toEqual([
      { bus: 'shop-dev-Bus', tableName: 'table', controlQueueUrl: 'https://control' },
      { bus: 'shop-dev-Bus-Returns', tableName: 'other', controlQueueUrl: undefined },
    ]);
  });

  it.each([
    [
      'here, and of an older version',
      ['shop-dev-Bus'],
      /shop-dev-Bus cannot stop email: .* older version; deploy shop-dev-Bus again/,
    ],
    [
      'in another account',
      ['shop-dev-Email'],
      /not in this account and region; email can only be stopped by hand there: aws lambda update-event-source-mapping/,
    ],
  ])('do not have a consumer whose bus is %s', (_, names, reason) => {
    const deployment = { intakes: [], stacks: names.map((stackName) => ({ stackName })) };
    const require = () => requireIntake(deployment, { bus: 'shop-dev-Bus', label: 'email' });
    expect(require).toThrow(UnreadableError);
    expect(require).toThrow(reason);
  });
});

it('a consumer has one name in the table, whichever app looks at it', () => {
  expect(intakeKeyOf({ name: 'email', owner: 'shop-dev', bus: 'shop-dev-Bus' })).toBe('email');
  expect(intakeKeyOf({ name: 'email', owner: 'fraud-dev', bus: 'shop-dev-Bus' })).toBe('fraud-dev/email');
});

describe('a state', () => {
  const state = { consumer: 'email', since: 0, version: 1, reason: '', until: 1_000, nextProbeAt: 2_000 };
  const [at0, at1, at2] = [0, 1_000, 2_000].map((at) => new Date(at).toISOString());

  it.each([
    ['flowing', { state: 'flowing', since: at0 }, 'takes messages'],
    [
      'paused',
      { state: 'paused', since: at0, until: at1 },
      'paused since 1970-01-01 00:00:00Z until 1970-01-01 00:00:01Z',
    ],
    [
      'tripped',
      { state: 'tripped', since: at0, nextProbeAt: at2 },
      'breaker open since 1970-01-01 00:00:00Z, next probe 1970-01-01 00:00:02Z',
    ],
  ] as const)('that is %s shows only what holds now', (intake, shown, text) => {
    expect(JSON.parse(JSON.stringify(shownIntake({ ...state, intake })))).toEqual(shown);
    expect(describeIntake(shownIntake({ ...state, intake }))).toBe(text);
  });

  it('that was never written is one that flows', () => {
    expect(shownIntake(undefined)).toEqual({ state: 'flowing' });
  });
});
