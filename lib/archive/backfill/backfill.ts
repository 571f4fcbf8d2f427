import { createHash } from 'node:crypto';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { parsePolicy } from '../../contracts/filter-policy/parse-policy.ts';
import { clipText } from '../../contracts/text/clip-text.ts';
import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import { cancelReplay } from '../replay/control-replay.ts';
import { type CreateReplayPorts, createReplay, replayIdAt } from '../replay/create-replay.ts';
import { requireReach } from '../replay/reach/reach.ts';
import type { ReplayRequest } from '../replay/replay-state.ts';

/**
 * The properties of the custom resource in the stack of a consumer that starts with archived events. CloudFormation makes texts of numbers.
 */
export interface BackfillProperties {
  /** What the consumer is called in the deployment. */
  readonly consumer: string;
  readonly queueUrl: string;
  /** What it takes, with versions: objects without any of them are not opened. */
  readonly types: readonly string[];
  /** The filter of its subscription, as JSON. */
  readonly filterPolicy: string;
  readonly filterPolicyScope: ReplayRequest['filterPolicyScope'];
  readonly startFrom: ConsumerDefinition['startFrom'];
  /** Name of its idempotency table. */
  readonly idempotencyTable: string;
}

/**
 * What CloudFormation sends to the function of a custom resource.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes.html
 */
export interface BackfillEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  /** Takes the answer. Without one, the deployment waits for the time-out of the resource, and fails. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: BackfillProperties;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
export interface BackfillAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

export interface BackfillPorts extends CreateReplayPorts {
  /** When a queue was created, in epoch milliseconds. */
  createdAt(queueUrl: string): Promise<number>;
  /** Since when a consumer with this idempotency table writes down what it does, in epoch milliseconds. */
  knownSince(idempotencyTable: string): Promise<number>;
  answer(url: string, answer: BackfillAnswer): Promise<void>;
  /** How long it takes until a new subscription gets everything, in milliseconds. */
  readonly filterDelayMs: number;
}

/** SNS takes so long until it applies the filter policy of a new subscription. @see https://docs.aws.amazon.com/sns/latest/dg/message-filtering.html */
export const FILTER_DELAY_MS = 15 * 60_000;
/** The topic of the engines applies it at once. */
export const LOCAL_FILTER_DELAY_MS = 1_000;
/** Events a second: slow enough for a consumer to handle new events beside them. */
const RATE = 250;
/** An answer has at most 4,096 bytes. */
const MAX_REASON_CHARACTERS = 1_000;
/** For a consumer that is older than its records, of which only a new one has all. */
const REMEDY = 'give startFrom a later time, or remove it and use fanfare replay --again if that is wanted';
/** The id of what was not created: CloudFormation deletes it afterwards. */
const NONE = 'none';

/** Whether the function was called by CloudFormation, and not with messages of its queue. */
export function isBackfillEvent(event: object): event is BackfillEvent {
  return 'RequestType' in event && 'ResponseURL' in event;
}

/**
 * Creates the handler of the custom resource: its creation starts a replay, and its deletion ends one that is still under way, because its
 * queue goes with it. A change does nothing: only a new consumer starts with archived events.
 *
 * It always answers, because CloudFormation waits for that.
 *
 * @throws Error when the answer cannot be sent; Lambda calls it again then
 */
export function createBackfillHandler(ports: BackfillPorts): (event: BackfillEvent) => Promise<void> {
  return async (event) => {
    const { RequestId, StackId, LogicalResourceId, PhysicalResourceId = NONE } = event;
    const answer = { RequestId, StackId, LogicalResourceId, PhysicalResourceId, Status: 'SUCCESS' } as const;
    let done: BackfillAnswer;
    try {
      done = { ...answer, ...(await handle(ports, event)) };
    } catch (error) {
      // It is the reason for which the deployment fails.
      const { message } = reasonOf(toError(error));
      done = { ...answer, Status: 'FAILED', Reason: clipText(message, MAX_REASON_CHARACTERS) };
    }
    await ports.answer(event.ResponseURL, done);
  };
}

type Done = Pick<BackfillAnswer, 'Reason'> & Partial<Pick<BackfillAnswer, 'PhysicalResourceId'>>;

async function handle(ports: BackfillPorts, event: BackfillEvent): Promise<Done> {
  const { RequestType, PhysicalResourceId = NONE } = event;
  switch (RequestType) {
    case 'Create': {
      const replay = await start(ports, event);
      return { Reason: `replay ${replay} sends archived events`, PhysicalResourceId: replay };
    }
    case 'Update':
      return { Reason: 'only the first deployment starts with archived events' };
    case 'Delete':
      if (PhysicalResourceId !== NONE) await cancelReplay(ports, PhysicalResourceId);
      return { Reason: 'nothing more is sent' };
    default:
      throw new TypeError(`CloudFormation asks for ${RequestType satisfies never}, which is not known`);
  }
}

/** Starts a replay up to the moment from which the subscription has got everything. @returns its id, the same for a repeated request */
async function start(ports: BackfillPorts, event: BackfillEvent): Promise<string> {
  const { RequestId, StackId, ResourceProperties } = event;
  const { consumer, queueUrl, filterPolicy, filterPolicyScope, startFrom, types, idempotencyTable } =
    ResourceProperties;
  const now = ports.clock.now();
  const from = startFrom === 'beginning' ? 0 : Date.parse(startFrom);
  if (!(from < now))
    throw new RangeError(`startFrom of ${consumer} is ${startFrom}, which is no time in the past`);
  const createdAt = await ports.createdAt(queueUrl);
  const request: ReplayRequest = {
    consumer,
    queueUrl,
    filterPolicy: parsePolicy(filterPolicy, consumer),
    filterPolicyScope,
    from,
    to: now + ports.filterDelayMs,
    types,
    sources: [],
    mode: 'fill',
    knowsSince: await ports.knownSince(idempotencyTable),
    rate: RATE,
  };
  requireReach(request, now, REMEDY);
  const mark = createHash('sha256').update(`${StackId} ${RequestId}`).digest('hex').slice(0, 6);
  const { id } = await createReplay(ports, request, {
    id: replayIdAt(createdAt, mark),
    createdBy: `startFrom of ${consumer}`,
  });
  return id;
}
