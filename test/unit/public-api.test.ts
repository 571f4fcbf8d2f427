import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** What may be imported from each subpath. A name that goes away or means something else is a new major version: see CHANGELOG.md. */
const PUBLIC_API: Readonly<Record<string, readonly string[]>> = {
  contracts: [
    'absent',
    'absentOrNull',
    'atLeast',
    'atMost',
    'between',
    'Catalog',
    'Condition',
    'ConsumerDefinition',
    'ConsumerProps',
    'createCatalog',
    'DataOf',
    'defineConsumer',
    'defineEvent',
    'defineProducer',
    'endsWith',
    'Envelope',
    'ErasedEvent',
    'EventContract',
    'EventDefinition',
    'EventOf',
    'EventVersion',
    'FunctionSettings',
    'greaterThan',
    'ignoringCase',
    'lessThan',
    'LinkedEvent',
    'noneOf',
    'oneOf',
    'Personal',
    'present',
    'Principal',
    'Problem',
    'ProducerDefinition',
    'ProvisionedPollers',
    'RateLimit',
    'RetryPolicy',
    'SecretSource',
    'SecretSources',
    'startsWith',
    'TableDefinition',
    'TableDefinitions',
    'Where',
  ],
  runtime: [
    'Around',
    'CommitRejectedError',
    'conditionCheck',
    'consume',
    'ConsumeOptions',
    'deleteItem',
    'HandlerContext',
    'Handlers',
    'NativeItem',
    'NativeValue',
    'PermanentError',
    'plainHttpGuard',
    'putItem',
    'Rejection',
    'Replay',
    'ReplayMode',
    'requireEnvironment',
    'TableName',
    'toEventBridge',
    'TransientError',
    'updateItem',
  ],
  publish: [
    'createPublishHandler',
    'EventBridgeEvent',
    'EventBridgeMapping',
    'fromEventBridge',
    'FromEventBridgeHandler',
    'MappedAttributes',
    'PublishHandler',
  ],
  publisher: [
    'CallOptions',
    'createPublisher',
    'EventOptions',
    'PublishResult',
    'InvalidEventError',
    'NewEvent',
    'newEvent',
    'PublishedEvent',
    'Publisher',
    'PublisherProps',
    'PublishError',
  ],
  constructs: [
    'AlarmStack',
    'ApiPublisher',
    'Consumer',
    'ConsumerProps',
    'ConsumerStack',
    'EventBus',
    'EventBusProps',
    'EventBusStack',
    'ForeignPublisher',
    'FromEventBridge',
    'FromEventBridgeProps',
    'FromEventBridgeStack',
    'MonitoringStack',
    'MonitoringStackProps',
    'Profile',
    'projectContext',
    'readSettings',
    'Settings',
    'Stage',
    'StageProps',
    'ToEventBridge',
    'ToEventBridgeProps',
    'TopicPublisher',
  ],
  local: [
    'findProject',
    'LocalOptions',
    'LocalPorts',
    'LocalStack',
    'Project',
    'startLocal',
    'synthesize',
    'SynthesizeOptions',
  ],
  testing: [
    'AnswerFetch',
    'Answers',
    'BusDeadLetter',
    'BusTable',
    'DeliveryOutcome',
    'Difference',
    'Effect',
    'Fault',
    'LogLine',
    'NativeItem',
    'OutsideCall',
    'Received',
    'ReceiveOptions',
    'simulate',
    'SimulateOptions',
    'SimulationError',
    'SimulationReport',
    'startTestBus',
    'SynthesizableApp',
    'TestBus',
    'TestBusOptions',
    'TestConsumer',
    'testConsumer',
    'TestConsumerOptions',
    'TestEvent',
    'TestTable',
  ],
};

const { exports }: { exports: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync('package.json', 'utf8'),
);

/** The names in the `export ... from` statements of an index. */
function namesOf(file: string): readonly string[] {
  const statements = readFileSync(file, 'utf8').matchAll(/^export (?:type )?\{([^}]*)\} from/gm);
  return [...statements].flatMap(([, names = '']) =>
    names.split(',').flatMap((name) => name.trim().replace(/^type /, '') || []),
  );
}

describe('the package', () => {
  it('has these subpaths and no other', () => {
    expect(Object.keys(exports)).toEqual(Object.keys(PUBLIC_API).map((name) => `./${name}`));
  });

  it.each(Object.entries(PUBLIC_API))('exports of fanfare/%s these names and no other', (name, expected) => {
    const byName = (a: string, b: string): number => a.localeCompare(b);
    expect(namesOf(exports[`./${name}`] ?? '').toSorted(byName)).toEqual([...expected].sort(byName));
  });

  it.each(Object.keys(PUBLIC_API))('keeps everything else of fanfare/%s to itself', async (name) => {
    const inner = `fanfare/${name}/index.ts`;
    await expect(import(/* @vite-ignore */ inner)).rejects.toThrow();
  });
});
