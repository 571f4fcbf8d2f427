import type { Clock } from '../aws/clock.ts';
import type { JsonOperation } from '../aws/json-request.ts';
import {
  type ConsumerRegistration,
  joinRegistrations,
  readRegistration,
} from '../contracts/receipts/consumer-registration.ts';
import type { CallAws } from './call-aws.ts';

/** A consumer of the bus. */
export interface RegisteredConsumer extends ConsumerRegistration {
  /** Epoch milliseconds at which it was registered, or its registration last changed; 0 when that is not known. */
  readonly changedAt: number;
}

/** The consumers of the bus, and how many registrations could not be read. */
export interface Registry {
  readonly consumers: readonly RegisteredConsumer[];
  readonly unreadable: number;
}

export interface ReadConsumersProps {
  readonly call: CallAws;
  readonly clock: Pick<Clock, 'now'>;
  /** Where the consumers register themselves. */
  readonly path: string;
}

/** How long an instance of the function uses a list. A new consumer is in receipts after this time at the latest. */
const KEPT_MS = 60_000;
/** The most that one page can have. @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html */
const PAGE_SIZE = 10;
const MS_PER_SECOND = 1_000;

const GET_BY_PATH: JsonOperation = {
  service: 'ssm',
  variable: 'SSM',
  target: 'AmazonSSM.GetParametersByPath',
};

interface Page {
  readonly Parameters?: readonly Parameter[];
  readonly NextToken?: string;
}

interface Parameter {
  readonly Value?: string;
  /** Epoch seconds. */
  readonly LastModifiedDate?: number;
}

/** Creates a reader of the consumers of a bus. It asks once a minute, one request for ten consumers. */
export function createReadConsumers(props: ReadConsumersProps): (signal: AbortSignal) => Promise<Registry> {
  let kept: { readonly until: number; readonly registry: Promise<Registry> } | undefined;
  return async (signal) => {
    const now = props.clock.now();
    if (kept === undefined || now >= kept.until)
      kept = { until: now + KEPT_MS, registry: readRegistry(props, signal) };
    const { registry } = kept;
    try {
      return await registry;
    } catch (error) {
      // The next request asks again.
      if (kept?.registry === registry) kept = undefined;
      throw error;
    }
  };
}

async function readRegistry(
  { call, path: Path }: ReadConsumersProps,
  signal: AbortSignal,
): Promise<Registry> {
  const parts: RegisteredConsumer[] = [];
  let unreadable = 0;
  let NextToken: string | undefined;
  do {
    const input = { Path, Recursive: true, MaxResults: PAGE_SIZE, NextToken };
    const page: Partial<Page> = await call<Page>(GET_BY_PATH, input, signal);
    for (const { Value = '', LastModifiedDate = 0 } of page.Parameters ?? []) {
      const registration = readRegistration(Value);
      if (registration) parts.push({ ...registration, changedAt: LastModifiedDate * MS_PER_SECOND });
      else unreadable += 1;
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const changes = Map.groupBy(parts, ({ consumer }) => consumer);
  const consumers = joinRegistrations(parts).map((one) => ({
    ...one,
    changedAt: Math.max(0, ...(changes.get(one.consumer) ?? []).map(({ changedAt }) => changedAt)),
  }));
  return { consumers, unreadable };
}
