import { Construct } from 'constructs';
import type { BusAddress } from '../../../contracts/bus/bus-parameters.ts';
import { busName } from '../bus-name.ts';
import { writeConsumers } from '../consumer-documents.ts';
import type { BusParts, IEventBus } from '../i-event-bus.ts';
import { checkAlarmTopic } from './check-alarm-topic.ts';
import { checkAddress, checkAttributes } from './check-names.ts';
import { ImportedParts, type ImportedPartsProps } from './imported-parts.ts';
import { readParameter } from './read-parameter.ts';

/** Where the runbook is, seen from its own project. */
export const RUNBOOK = 'docs/runbook.md';

/** What the consumers of an imported bus have from it beside its parts. */
interface ConsumerDefaults {
  /** Whether X-Ray traces the functions of the consumers. @default false */
  readonly xray?: boolean | undefined;
  /** Where the runbook of the alarms is, https. @default docs/runbook.md */
  readonly runbookUrl?: string | undefined;
}

/** Names a bus in the same account and region. */
export interface BusFromStageProps extends BusAddress, ConsumerDefaults {
  /**
   * Whether the topic of the bus is FIFO. The queues of consumers have to be of the same kind. CloudFormation refuses a consumer that says it
   * wrongly, for it asks for a parameter that this bus does not have.
   *
   * @default false
   */
  readonly fifo?: boolean | undefined;
}

/** A bus of any account in the same region, by the names of its parts: what `npx fanfare bus --json` prints. */
export interface BusFromAttributesProps extends ConsumerDefaults {
  /** Which bus it is, such as `shop-dev-Bus`. */
  readonly busName: string;
  /** The topic of the bus. The bus is FIFO when it ends in `.fifo`. */
  readonly topicArn: string;
  /** The key that encrypts the topic. */
  readonly topicKeyArn: string;
  /** The bucket of large data. */
  readonly dataBucketName: string;
  /** The key of the bucket. @default - the keys of S3 itself */
  readonly dataKeyArn?: string | undefined;
  /**
   * The topic that the alarms of consumers notify, unless they have one of their own. The alarm topic of a bus takes alarms of its own account
   * only: in another account, give each consumer the `alarmTopic` of an `AlarmStack`. Synth warns when it cannot know the account.
   *
   * @default - each consumer needs an `alarmTopic`
   */
  readonly alarmTopicArn?: string | undefined;
}

/** A bus that another app has deployed. */
export class ImportedEventBus extends Construct implements IEventBus {
  readonly busName: string;
  readonly fifo: boolean;
  readonly xray: boolean;
  readonly runbookUrl: string;
  readonly #parts: ImportedPartsProps;

  constructor(
    scope: Construct,
    id: string,
    name: string,
    parts: ImportedPartsProps,
    defaults: ConsumerDefaults,
  ) {
    super(scope, id);
    this.busName = name;
    this.fifo = parts.fifo;
    this.xray = defaults.xray ?? false;
    this.runbookUrl = defaults.runbookUrl ?? RUNBOOK;
    this.#parts = parts;
    writeConsumers(this);
  }

  partsIn(scope: Construct): BusParts {
    return ImportedParts.of(scope, this.busName, this.#parts);
  }
}

/** A bus of this account and region, found by the parameters that it has written. @throws TypeError when no bus can be called so */
export function importFromStage(scope: Construct, id: string, props: BusFromStageProps): ImportedEventBus {
  checkAddress(props);
  const parts = {
    fifo: props.fifo ?? false,
    // The bus writes a key in any case; without one of its own, it is that of no key.
    hasDataKey: true,
    logsWithDataKey: false,
    valueOf: readParameter(props),
  };
  return new ImportedEventBus(scope, id, busName(props), parts, props);
}

/** A bus of any account, by its names. @throws TypeError when one of them cannot be right */
export function importFromAttributes(
  scope: Construct,
  id: string,
  props: BusFromAttributesProps,
): ImportedEventBus {
  const { topicArn, topicKeyArn, dataBucketName, dataKeyArn, alarmTopicArn } = props;
  checkAttributes(props);
  const values = {
    topicArn,
    fifoTopicArn: topicArn,
    topicKeyArn,
    dataBucketName,
    dataKeyArn: dataKeyArn ?? '',
    alarmTopicArn: alarmTopicArn ?? '',
    replayFunctionArn: '',
    laterQueueArn: '',
  };
  const parts: ImportedPartsProps = {
    fifo: topicArn.endsWith('.fifo'),
    hasDataKey: dataKeyArn !== undefined,
    logsWithDataKey: false,
    valueOf: (parameter, consumer) => {
      if (parameter === 'alarmTopicArn') checkAlarmTopic(consumer, props);
      if (parameter === 'replayFunctionArn') refuseArchive(props.busName);
      if (parameter === 'laterQueueArn') refuseLater(props.busName);
      return values[parameter];
    },
  };
  return new ImportedEventBus(scope, id, props.busName, parts, props);
}

/** An archive is replayed to queues of its own account only, and its function is no name that is handed over. */
function refuseArchive(busName: string): never {
  throw new TypeError(
    `a consumer cannot start from the archive of ${busName}, which is known by its attributes; in the account of the bus, ` +
      "name it with EventBus.fromStage, and in another one leave startFrom at 'now'",
  );
}

/** The queue of later events takes messages of its own account only. */
function refuseLater(busName: string): never {
  throw new TypeError(
    `a consumer of ${busName}, which is known by its attributes, cannot emit events for later; in the account of the bus, name it with ` +
      'EventBus.fromStage, and in another one leave emitsLater out',
  );
}
