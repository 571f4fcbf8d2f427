import { randomUUID } from 'node:crypto';
import { MAX_PUT_EVENTS_BYTES, MAX_PUT_EVENTS_ENTRIES } from '../aws-limits.ts';
import type { EngineApp } from '../engines/fauxqs.ts';
import { readRequest } from '../requests/read-request.ts';

/** An event that EventBridge would have got. */
export interface KeptEntry {
  /** EventBridge's id of it. */
  readonly eventId: string;
  readonly eventBusName: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  /** Epoch seconds. */
  readonly time: number | undefined;
  readonly traceHeader: string | undefined;
}

interface PutEventsEntry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Time?: number;
  readonly TraceHeader?: string;
}

interface Refused {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

interface PutEventsRequest {
  readonly Entries?: readonly PutEventsEntry[];
}

const ENTRY = {
  EventBusName: 'text',
  Source: 'text',
  DetailType: 'text',
  Detail: 'text',
  Time: 'number',
  TraceHeader: 'text',
} as const;

/** As the header `X-Amz-Target` names it. */
const TARGET = 'AWSEvents.PutEvents';
const MAX_KEPT = 10_000;
/** Bytes that EventBridge counts for `Time`. */
const TIME_BYTES = 14;

/** Serves EventBridge's PutEvents. The events go nowhere but are kept, and can be read at `GET /_fanfare/eventbridge`. */
export class EventBridgeEntries {
  readonly #entries: KeptEntry[] = [];

  /** All kept events, newest first. */
  get entries(): readonly KeptEntry[] {
    return this.#entries.toReversed();
  }

  /** Call it before the engine listens. */
  serve(app: EngineApp, onEntry: (entry: KeptEntry) => void): void {
    app.get('/_fanfare/eventbridge', () => this.entries);
    app.addHook('preHandler', async (request, reply) => {
      if (request.headers['x-amz-target'] !== TARGET || !(request.body instanceof Buffer)) return;
      const { Entries = [] } = readRequest<PutEventsRequest>(request.body, {
        Entries: { listOf: { members: ENTRY } },
      });
      const refusal = refusalOf(Entries);
      return reply
        .status(refusal ? 400 : 200)
        .header('content-type', 'application/x-amz-json-1.1')
        .send(JSON.stringify(refusal ?? this.#put(Entries, onEntry)));
    });
  }

  #put(entries: readonly PutEventsEntry[], onEntry: (entry: KeptEntry) => void): object {
    const results = entries.map((entry) => {
      const kept = read(entry);
      if ('ErrorCode' in kept) return kept;
      this.#entries.push(kept);
      if (this.#entries.length > MAX_KEPT) this.#entries.shift();
      onEntry(kept);
      return { EventId: kept.eventId };
    });
    return { FailedEntryCount: results.filter((one) => 'ErrorCode' in one).length, Entries: results };
  }
}

/** Why EventBridge refuses all entries of a request. */
function refusalOf(entries: readonly PutEventsEntry[]): object | undefined {
  const refuse = (message: string) => ({ __type: 'ValidationException', message });
  if (entries.length < 1 || entries.length > MAX_PUT_EVENTS_ENTRIES)
    return refuse(`a request has 1 to ${MAX_PUT_EVENTS_ENTRIES} entries, and this one has ${entries.length}`);
  const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (bytes <= MAX_PUT_EVENTS_BYTES) return undefined;
  return refuse(
    `Total size of the entries in the request is over the limit of ${MAX_PUT_EVENTS_BYTES} bytes`,
  );
}

function read(entry: PutEventsEntry): KeptEntry | Refused {
  const { EventBusName = 'default', Source = '', DetailType = '', Detail = '', Time, TraceHeader } = entry;
  if (Source === '' || DetailType === '') {
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Source and DetailType are required' };
  }
  const detail = parse(Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    eventId: randomUUID(),
    eventBusName: EventBusName,
    source: Source,
    detailType: DetailType,
    detail,
    time: Time,
    traceHeader: TraceHeader,
  };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
function bytesOf({ Source = '', DetailType = '', Detail = '', Time }: PutEventsEntry): number {
  return Buffer.byteLength(Source + DetailType + Detail) + (Time === undefined ? 0 : TIME_BYTES);
}

/** A JSON object; undefined when it is none. */
function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    // The caller answers that it is malformed.
    return undefined;
  }
}
