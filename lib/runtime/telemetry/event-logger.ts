import type { Logger } from '@aws-lambda-powertools/logger';

/** The logger of a handler: Powertools' logger with the event, its correlation id and its causation id in every line. */
export type EventLogger = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
