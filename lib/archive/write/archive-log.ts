import type { Logger } from '@aws-lambda-powertools/logger';

/** What the archive function says. It names messages by their id, and quotes nothing of an event. */
export interface ArchiveLog {
  /** An object was written. */
  written(object: { readonly key: string; readonly events: number; readonly bytes: number }): void;
  /** Events are delivered again, because an object could not be written. */
  notWritten(events: number, error: Error): void;
  /** An event is delivered again, because its large data could not be read. */
  notRead(messageId: string, error: Error): void;
  /** An event was archived without its large data. */
  gone(messageId: string, reason: string): void;
  /** A message has no event, and is in the dead-letter queue. */
  unreadable(messageId: string, error: Error): void;
  /** A message has no event and is delivered again, because the dead-letter queue did not take it. */
  notBuried(messageId: string, error: Error): void;
}

export function createArchiveLog(logger: Logger): ArchiveLog {
  return {
    written: (object) => logger.info('archived', object),
    notWritten: (events, error) =>
      logger.error('these events were not archived; they are delivered again', { events, error }),
    notRead: (messageId, error) =>
      logger.error('the large data of an event could not be read; it is delivered again', {
        messageId,
        error,
      }),
    gone: (messageId, reason) =>
      logger.warn('an event was archived without its large data, which is not there any more', {
        messageId,
        reason,
      }),
    unreadable: (messageId, error) =>
      logger.error('a message has no event, and is in the dead-letter queue', { messageId, error }),
    notBuried: (messageId, error) =>
      logger.error('the dead-letter queue did not take a message without an event; it is delivered again', {
        messageId,
        error,
      }),
  };
}
