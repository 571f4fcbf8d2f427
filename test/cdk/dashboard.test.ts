import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { OrderPlaced } from '../../events/shop.ts';
import { ConsumerStack } from '../../lib/constructs/consumer-stack.ts';
import { projectContext } from '../../lib/constructs/context.ts';
import { EventBusStack } from '../../lib/constructs/event-bus-stack.ts';
import { MonitoringStack } from '../../lib/constructs/monitoring-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { stacksOf, WITHOUT_BUNDLING } from './synthesized.ts';

/** Names of which one begins with another: their resources are not to be mixed up. */
const NAMES = ['gift', 'gift-cards', 'gifts', 'mail2', 'mail'];

const app = new App({ context: { ...projectContext(), ...WITHOUT_BUNDLING } });
const settings = readSettings(app.node);
const { bus } = new EventBusStack(app, { settings });
const consumers = NAMES.map(
  (name) =>
    new ConsumerStack(app, {
      definition: defineConsumer({ name, description: 'Is shown.', listensTo: [OrderPlaced] }),
      bus,
      stage: settings.stage,
      entry: 'lambdas/analytics/handler.ts',
    }).consumer,
);
const monitoring = new MonitoringStack(app, { stage: settings.stage, bus, consumers });
const stacks = stacksOf(app);

/** The widgets as they are deployed; what other stacks tell of themselves is `?`. */
function widgets(): {
  type: string;
  properties: { markdown?: string; title?: string; metrics?: unknown[] };
}[] {
  const [dashboard] = Object.values(
    Template.fromStack(monitoring).findResources('AWS::CloudWatch::Dashboard'),
  );
  const parts: unknown[] = dashboard?.Properties.DashboardBody['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : '?')).join('')).widgets;
}

interface Search {
  readonly dimension: string;
  readonly metric: string;
  readonly term: string;
}

/** What the graphs of a consumer look for. */
function searchesOf(name: string): Search[] {
  const all = widgets();
  const heading = all.findIndex(({ properties }) => properties.markdown?.startsWith(`## ${name}\n`));
  const text = JSON.stringify(all.slice(heading + 1, heading + 4));
  const found = text.matchAll(/SEARCH\('\{AWS\/\w+,(\w+)\} MetricName=\W+(\w+)\W+ \w+=([\w-]+)'/g);
  return [...found].map(([, dimension = '', metric = '', term = '']) => ({ dimension, metric, term }));
}

/**
 * As CloudWatch makes tokens of a name.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
function tokensOf(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map((token) => token.toLowerCase());
}

const matches = ({ term }: Search, name: string) =>
  ` ${tokensOf(name).join(' ')} `.includes(` ${tokensOf(term).join(' ')} `);

/** The names that CloudFormation gives: the stack's, the resource's cut to fit, and something new each time. */
function namesOf(name: string, type: string, limit: number, suffix: string): string[] {
  const stack = stacks.get(
    tokensOf(name)
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(''),
  );
  if (!Stack.isStack(stack)) throw new Error(`there is no stack of ${name}`);
  const resources = Object.entries(Template.fromStack(stack).findResources(type));
  return resources.map(([logicalId, { Properties }]) =>
    Properties.QueueName
      ? `${/Fanfare-[\w-]+Queue-/.exec(JSON.stringify(Properties.QueueName))?.[0]}${suffix.toLowerCase()}`
      : `${`${stack.stackName}-${logicalId}`.slice(0, limit - suffix.length - 1)}-${suffix}`,
  );
}

describe.each(['1A2B3C4D5E6F', 'ZZTOPQX7Y8WV'])(
  'after a deployment that has given the names ...-%s',
  (suffix) => {
    const queuesOf = (name: string) => namesOf(name, 'AWS::SQS::Queue', 80, suffix);
    const functionsOf = (name: string) => namesOf(name, 'AWS::Lambda::Function', 64, suffix);

    it.each(NAMES)('each graph of %s shows its own resource, and no other', (name) => {
      const found = searchesOf(name).map((search) => {
        const candidates = search.dimension === 'QueueName' ? queuesOf : functionsOf;
        return NAMES.flatMap(candidates).filter((candidate) => matches(search, candidate));
      });
      expect(found.map((all) => all.length)).toEqual(Array(7).fill(1));
      const own = [...queuesOf(name), ...functionsOf(name)];
      expect(new Set(found.flat())).toEqual(new Set(own));
    });

    it('the graph of the publish function finds it', () => {
      const [search] = JSON.stringify(widgets()).matchAll(/FunctionName=(Fanfare-dev-Bus[\w-]+)'/g);
      const term = search?.[1] ?? '';
      const found = namesOf('bus', 'AWS::Lambda::Function', 64, suffix).filter((name) =>
        matches({ dimension: 'FunctionName', metric: '', term }, name),
      );
      expect(found).toHaveLength(1);
    });
  },
);

it('needs nothing of a consumer to be deployed, and no consumer needs it', () => {
  expect(monitoring.dependencies.map(({ stackName }) => stackName)).toEqual(['Fanfare-dev-Bus']);
  const text = JSON.stringify(Template.fromStack(monitoring).toJSON());
  const sources = [...text.matchAll(/"StackName":"([^"]+)"/g)].map(([, name]) => name);
  expect(new Set(sources)).toEqual(new Set(['Fanfare-dev-Bus']));
});
