/**
 * A line of the archive. The columns beside `body` repeat what is in it, so that Athena can select without reading it.
 *
 * An event whose data was too large for a message has that data in `largeData`, because the copy in the bucket expires.
 */
export interface ArchivedEvent {
  /** When the message reached the queue of the archive: RFC 3339, in milliseconds. */
  readonly arrivedAt: string;
  /** Order of arrival within a message group, of an event of a FIFO bus: a decimal number of up to 20 digits. */
  readonly sequence?: string | undefined;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string | undefined;
  readonly time?: string | undefined;
  readonly correlationid?: string | undefined;
  readonly partitionkey?: string | undefined;
  /** The message exactly as consumers get it: the event as JSON text. */
  readonly body: string;
  /** The data that the link in `body` refers to, as text. */
  readonly largeData?: string | undefined;
}

/** The columns of an event, in the order of the table. */
export const ARCHIVE_COLUMNS = [
  'arrivedAt',
  'sequence',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'correlationid',
  'partitionkey',
  'body',
  'largeData',
] as const satisfies readonly (keyof ArchivedEvent)[];
