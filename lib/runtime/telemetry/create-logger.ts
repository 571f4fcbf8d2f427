import { Logger } from '@aws-lambda-powertools/logger';
import { shortenLinks } from '../../contracts/short-links.ts';
import { describeError } from './describe-error.ts';

/**
 * Powertools' logger, which says of an error only what went wrong. The SDK's errors carry the items of the user's tables
 * (`CancellationReasons[].Item`), which are customers' data and do not belong into a log. Nor do the queries of links, which may be signed:
 * they are cut off every text of a line, whoever writes it.
 *
 * @param serviceName what every line names as its service. @default - the variable POWERTOOLS_SERVICE_NAME
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
