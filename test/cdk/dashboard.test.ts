import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { projectContext } from '../../lib/constructs/context.ts';
import { MonitoringStack } from '../../lib/constructs/monitoring/monitoring-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { OrderPlaced } from '../apps/orders/events/index.ts';
import { stacksOf, WITHOUT_BUNDLING } from './synthesized.ts';

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const LIMITS = { widgets: 500, metricsPerWidget: 500, metrics: 2_500, searchLength: 1_024 };
/** SNS takes as many filter policies per topic, so a bus has as many consumers. */
const MOST_CONSUMERS = 200;

/** The app `shop`, or another, with these consumers and its dashboard. */
function createApp(names: readonly string[], context: Record<string, unknown> = {}) {
  const app = new App({ context: { ...projectContext(), ...WITHOUT_BUNDLING, ...context } });
  const settings = readSettings(app.node);
  const { stage } = settings;
  const { bus } = new EventBusStack(app, { settings });
  for (const name of names) {
    const definition = defineConsumer({ name, description: 'Is shown.', listensTo: [OrderPlaced] });
    new ConsumerStack(app, { definition, bus, stage, entry: 'test/apps/orders/analytics.ts' });
  }
  const monitoring = new MonitoringStack(app, { stage, bus });
  return { monitoring, stacks: stacksOf(app), template: Template.fromStack(monitoring).toJSON() };
}

interface Options {
  readonly expression?: string;
  readonly id?: string;
  readonly label?: string;
  readonly visible?: boolean;
}

interface Widget {
  readonly properties: { readonly title?: string; readonly metrics?: readonly (string | Options)[][] };
}

/** The widgets as they are deployed; what other stacks tell of themselves is `?`. */
function widgetsOf(template: Record<string, unknown>): Widget[] {
  const [dashboard] = Object.values(Template.fromJSON(template).findResources('AWS::CloudWatch::Dashboard'));
  const parts: unknown[] = dashboard?.Properties.DashboardBody['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : '?')).join('')).widgets;
}

function optionsOf({ properties }: Widget): Options[] {
  return (properties.metrics ?? []).flat().filter((part) => typeof part === 'object');
}

function searchesOf(widget: Widget): string[] {
  return optionsOf(widget).flatMap(({ expression }) =>
    expression?.startsWith('SEARCH(') ? [expression] : [],
  );
}

/** As CloudWatch makes tokens of a name. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
const tokensOf = (name: string): string =>
  ` ${(name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).join(' ').toLowerCase()} `;

/** Whether a search of queues or functions finds a name: each term has its words in a row, and a term after NOT has not. */
function finds(search: string, name: string): boolean {
  const terms = [...search.matchAll(/(NOT )?(?:QueueName|FunctionName)=([\w-]+)/g)];
  return terms.every(([, not, term = '']) => tokensOf(name).includes(tokensOf(term)) === !not);
}

/** The names that CloudFormation gives: the stack's, the resource's cut to fit, and something new each time. */
function namesOf(stacks: ReadonlyMap<string, Stack>, type: string, limit: number, suffix: string): string[] {
  return [...stacks.values()].flatMap((stack) =>
    Object.entries(Template.fromStack(stack).findResources(type)).map(([logicalId, { Properties }]) =>
      Properties.QueueName
        ? `${/[a-z0-9]+-[\w-]+Queue-/.exec(JSON.stringify(Properties.QueueName))?.[0]}${suffix.toLowerCase()}`
        : `${`${stack.stackName}-${logicalId}`.slice(0, limit - suffix.length - 1)}-${suffix}`,
    ),
  );
}

/** Names of which one has another in it, or words of the roles of queues. */
const NAMES = ['gift', 'gift-cards', 'mail2', 'mail', 'queue', 'dead-stock'];
const shop = createApp(NAMES);
const widgets = widgetsOf(shop.template);
const widget = (title: string): Widget =>
  widgets.find(({ properties }) => properties.title === title) ?? expect.fail(`no graph '${title}'`);

describe('the template of the dashboard', () => {
  it('has the same bytes with one consumer and with 190', () => {
    const many = Array.from({ length: 190 }, (_, index) => `subscriber-${index}`);
    const [one, all] = [createApp(['subscriber-0']), createApp(many)];
    expect(JSON.stringify(all.template)).toBe(JSON.stringify(one.template));
  });

  it('names no consumer', () => {
    const text = JSON.stringify(createApp(['zebra']).template).toLowerCase();
    expect(text).not.toContain('zebra');
  });

  it('needs nothing of a consumer to be deployed, and no consumer needs it', () => {
    expect(shop.monitoring.dependencies.map(({ stackName }) => stackName)).toEqual(['shop-dev-Bus']);
    const sources = [...JSON.stringify(shop.template).matchAll(/"StackName":"([^"]+)"/g)];
    expect(new Set(sources.map(([, name]) => name))).toEqual(new Set(['shop-dev-Bus']));
  });

  it('stays within the limits of CloudWatch with as many consumers as a topic takes', () => {
    const read = (all: readonly Widget[]): number =>
      all.flatMap(optionsOf).length + all.flatMap(searchesOf).length * MOST_CONSUMERS;
    expect(widgets.length).toBeLessThan(LIMITS.widgets);
    for (const one of widgets.filter(({ properties }) => properties.title !== 'Publish function'))
      expect(read([one])).toBeLessThanOrEqual(LIMITS.metricsPerWidget);
    const consumers = widgets.filter(({ properties }) => properties.title !== 'Publish function');
    expect(read(consumers) + optionsOf(widget('Publish function')).length).toBeLessThanOrEqual(
      LIMITS.metrics,
    );
  });

  it('has no search that is longer than CloudWatch takes, with the longest names', () => {
    const long = { app: 'abcdefghijklmnopqrst', stage: 'a-b-c-d-e-f-g-h-i-j' };
    const searches = widgetsOf(createApp([], long).template).flatMap(searchesOf);
    expect(Math.max(...searches.map(({ length }) => length))).toBeLessThanOrEqual(LIMITS.searchLength);
  });
});

describe.each(['1A2B3C4D5E6F', 'ZZTOPQX7Y8WV'])(
  'after a deployment that has given the names ...-%s',
  (suffix) => {
    const queues = namesOf(shop.stacks, 'AWS::SQS::Queue', 80, suffix);
    const functions = namesOf(shop.stacks, 'AWS::Lambda::Function', 64, suffix);
    const foundBy = (title: string, names: readonly string[]): string[] => {
      const [search = expect.fail(`'${title}' has no search`)] = searchesOf(widget(title));
      return names.filter((name) => finds(search, name));
    };

    it.each([
      ['Waiting', 'Queue-', ['Archive', 'Control', 'Later', 'Replay']],
      ['Age of the oldest (seconds)', 'Queue-', ['Archive', 'Control', 'Later', 'Replay']],
      ['Dead', 'DeadLetterQueue-', ['Archive', 'Control', 'Later', 'Replay', 'Schedule']],
      ['Undelivered', 'UndeliveredQueue-', ['Archive']],
    ])(
      'the graph %s finds the queue of its role of each consumer and of the archive, and no other',
      (title, role, ofBus) => {
        const found = foundBy(title, queues);
        const ofRole = new RegExp(`-(${ofBus.join('|')})?${role}${suffix.toLowerCase()}$`);
        expect(found).toEqual(queues.filter((name) => ofRole.test(name)));
        expect(found).toHaveLength(NAMES.length + ofBus.length);
      },
    );

    it.each(['Errors of functions', 'Throttles of functions', 'Duration of functions, p99 (ms)'])(
      'the graph %s finds every function',
      (title) => {
        const found = foundBy(title, functions);
        expect(found).toHaveLength(functions.length);
        expect(found.filter((name) => name.includes('ConsumerFunction'))).toHaveLength(NAMES.length);
      },
    );

    it('the graph of the publish function finds it alone', () => {
      expect(foundBy('Publish function', functions)).toEqual([expect.stringContaining('BusPublishFunction')]);
    });

    it.each([
      { app: 'bookshop', stage: 'dev' },
      { app: 'shop', stage: 'prod', alarmEmail: 'a@example.com' },
      { app: 'shop', stage: 'developer' },
    ])('finds nothing of $app-$stage', (context) => {
      const { stacks } = createApp(['gift'], context);
      const others = [
        ...namesOf(stacks, 'AWS::SQS::Queue', 80, suffix),
        ...namesOf(stacks, 'AWS::Lambda::Function', 64, suffix),
      ];
      const searches = widgets.flatMap(searchesOf).filter((search) => search.includes('AWS/'));
      expect(searches.flatMap((search) => others.filter((name) => finds(search, name)))).toEqual([]);
    });

    it('finds the functions of a stage whose names are so long that CloudFormation cuts them', () => {
      const { template } = createApp([], { app: 'abcdefghijklmnopqrst', stage: 'stage-of-many-words' });
      const errors = widgetsOf(template).find(({ properties }) => properties.title === 'Errors of functions');
      const [search = expect.fail()] = searchesOf(errors ?? expect.fail());
      expect(finds(search, `abcdefghijklmnopqrst-stage-ConsumerFunctionF1B2C3D4-${suffix}`)).toBe(true);
    });
  },
);

it.each(['Waiting', 'Dead', 'Undelivered', 'Failed attempts', 'Handled', 'Errors of functions'])(
  "the graph %s shows the ten worst and the sum, and reads each consumer's metric once",
  (title) => {
    const [drawn, hidden] = [true, false].map((visible) =>
      optionsOf(widget(title)).filter((options) => (options.visible ?? true) === visible),
    );
    expect(hidden).toHaveLength(1);
    const id = hidden?.[0]?.id ?? expect.fail('the search has no id');
    expect(drawn?.map(({ expression }) => expression)).toEqual([`SORT(${id}, MAX, DESC, 10)`, `SUM(${id})`]);
  },
);

it.each([
  ['Handled', 'ageAtProcessing', 'SampleCount'],
  ['Failed attempts', 'failed', 'Sum'],
  ['Age when handled, p99 (ms)', 'ageAtProcessing', 'p99'],
])("the graph %s is of the runtime's metric in the namespace of the stage", (title, metric, statistic) => {
  expect(searchesOf(widget(title))).toEqual([
    `SEARCH('{"Fanfare/shop/dev",service} MetricName="${metric}"', '${statistic}', 60)`,
  ]);
});

it('may be of an app that has only consumers: then it has no row of a bus', () => {
  const app = new App({ context: { ...projectContext(), ...WITHOUT_BUNDLING } });
  const { stage } = readSettings(app.node);
  const monitoring = new MonitoringStack(app, { stage });
  const titles = (all: readonly Widget[]) => all.flatMap(({ properties }) => properties.title ?? []);
  const ofBus = ['Requests', 'Latency of the API, p50 and p99 (ms)', 'Publish function'];
  const own = widgetsOf(Template.fromStack(monitoring).toJSON());
  expect(titles(own)).toEqual(titles(widgets).filter((title) => !ofBus.includes(title)));
  expect(monitoring.dependencies).toEqual([]);
});

it('refuses a consumer whose queue would be drawn among the dead', () => {
  for (const name of ['dead-letter', 'orders-dead-letter', 'undelivered'])
    expect(() => createApp([name])).toThrow(/the dashboard/);
});
