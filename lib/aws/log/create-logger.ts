import { Logger } from '@aws-lambda-powertools/logger';
import { shortenLinks } from '../../contracts/text/short-links.ts';
import { describeError } from './describe-error.ts';

/**
 * Creates a Powertools logger that keeps customers' data out of the log. Of an error it writes only what went wrong: the SDK's
 * errors carry items of the user's tables (`CancellationReasons[].Item`). It also removes the query of every link, because a
 * query can contain a signature.
 *
 * @param serviceName service name in every log line. @default - the environment variable POWERTOOLS_SERVICE_NAME
 */
export function createLogger(serviceName?: string): Logger {
  return new Logger({
    ...(serviceName !== undefined && { serviceName }),
    jsonReplacerFn: (_key, value) => {
      if (typeof value === 'string') return shortenLinks(value);
      return value instanceof Error ? describeError(value) : value;
    },
  });
}
