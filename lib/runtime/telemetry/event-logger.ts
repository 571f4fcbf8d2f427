import type { Logger } from '@aws-lambda-powertools/logger';

/** What a handler may log with: Powertools' logger, which knows the event, its correlation and its causation id. */
export type EventLogger = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
