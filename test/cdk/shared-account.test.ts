import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { createApp } from '../apps/orders/app.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const alarmEmail = 'ops@example.com';
/** Everything that gives something a name of its own is on. */
const NAMING = {
  alarmEmail,
  mailFrom: 'orders@shop.dev',
  dataKey: 'own',
  monthlyBudget: '100',
};
const DEPLOYMENTS = [
  { app: 'shop', stage: 'dev' },
  { app: 'shop', stage: 'ada-2' },
  { app: 'shop', stage: 'prod' },
  { app: 'library', stage: 'dev' },
  { app: 'library', stage: 'prod' },
];

/** Properties with which AWS names a thing of an account: no two may be equal. */
const NAME =
  /^(?:(?:Queue|Topic|Table|Function|Role|Bucket|Dashboard|Alarm|Budget|LogGroup|Alias|Configuration|Policy)Name|SlackChannelId|MetricNamespace|POWERTOOLS_METRICS_NAMESPACE)$/;
/** Those that name a part of something else, which has a name of its own. */
const OF_A_PART = new Set(['AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Stage', 'AWS::IAM::Policy']);

interface Named {
  readonly owner: string;
  readonly kind: string;
  readonly name: string;
}

function namesIn(value: unknown, kind: string, owner: string): readonly Named[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): readonly Named[] => {
    const own =
      NAME.test(key) && isOwnName(inner)
        ? [{ owner, kind: `${kind} ${key}`, name: JSON.stringify(inner) }]
        : [];
    return [...own, ...namesIn(inner, kind, owner)];
  });
}

/** A reference is to what CloudFormation has named. */
function isOwnName(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && 'Fn::Join' in value);
}

const all = DEPLOYMENTS.flatMap(({ app, stage }, index) => {
  // AWS takes a channel once in an account.
  const alarmSlack = `T07EZ4VPT/C012345678${index}`;
  const cdk = createApp({ context: { ...WITHOUT_BUNDLING, ...NAMING, alarmSlack, app, stage } });
  const stacks = cdk.node.children.filter((child) => Stack.isStack(child));
  return stacks.map((stack) => ({
    owner: `${app}-${stage}`,
    stack,
    template: Template.fromStack(stack).toJSON(),
  }));
});

function twice(names: readonly Named[]): readonly string[] {
  const owners = Map.groupBy(names, ({ kind, name }) => `${kind}: ${name}`);
  return [...owners].flatMap(([name, some]) =>
    new Set(some.map(({ owner }) => owner)).size > 1 ? [name] : [],
  );
}

describe('two apps and two stages in one account share', () => {
  it('no name of a stack, and so none that CloudFormation makes of it', () => {
    const names = all.map(({ stack }) => stack.stackName);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('library-dev-Bus');
  });

  it('no name of anything that a template names itself, and no namespace of metrics', () => {
    const names = all.flatMap(({ owner, template }) =>
      Object.values<{ Type: string; Properties?: unknown }>(template.Resources).flatMap(
        ({ Type, Properties }) => (OF_A_PART.has(Type) ? [] : namesIn(Properties, Type, owner)),
      ),
    );
    const kinds = new Set(names.map(({ kind }) => kind));
    for (const kind of [
      'AWS::SQS::Queue QueueName',
      'AWS::Lambda::Function POWERTOOLS_METRICS_NAMESPACE',
      'AWS::Logs::MetricFilter MetricNamespace',
      'AWS::Chatbot::SlackChannelConfiguration ConfigurationName',
    ])
      expect(kinds).toContain(kind);
    expect(twice(names)).toEqual([]);
  });

  it('no parameter', () => {
    const names = all.flatMap(({ owner, template }) =>
      Object.values(Template.fromJSON(template).findResources('AWS::SSM::Parameter')).map(
        ({ Properties }) => ({ owner, kind: 'Parameter', name: String(Properties.Name) }),
      ),
    );
    expect(names).not.toEqual([]);
    expect(twice(names)).toEqual([]);
  });

  it('no export: there is none', () => {
    for (const { template } of all) expect(JSON.stringify(template)).not.toContain('"Export":');
  });

  it('no budget: each counts its own costs', () => {
    const filters = all.flatMap(({ template }) =>
      Object.values(Template.fromJSON(template).findResources('AWS::Budgets::Budget')).map(
        ({ Properties }) => Properties.Budget.CostFilters.TagKeyValue[0],
      ),
    );
    expect(filters.toSorted()).toEqual(
      DEPLOYMENTS.map(({ app, stage }) => `user:fanfare:deployment$${app}-${stage}`).toSorted(),
    );
  });
});

it('every stack says by its tags which app and which stage it is of', () => {
  for (const { owner, stack } of all) {
    const { 'fanfare:app': app, 'fanfare:stage': stage, ...more } = stack.tags.tagValues();
    expect(`${app}-${stage}`, stack.stackName).toBe(owner);
    expect(more['fanfare:deployment']).toBe(owner);
  }
});
