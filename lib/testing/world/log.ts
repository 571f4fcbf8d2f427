import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import type { EventLogger } from '../../runtime/telemetry/event-logger.ts';

/** A line that a handler has logged with `ctx.logger`, or the runtime. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  /** What was logged beside the message; an error by its name and message. */
  readonly [key: string]: unknown;
}

/** A logger that keeps its lines. */
export function createMemoryLogger(lines: LogLine[]): EventLogger {
  const at =
    (level: LogLine['level']) =>
    (input: string | (object & { readonly message?: string }), ...extra: readonly unknown[]): void => {
      const given = typeof input === 'string' ? { message: input } : { message: '', ...input };
      lines.push({ level, ...given, ...Object.assign({}, ...extra.map(fieldsOf)) });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** As Powertools takes them: an error, an object, or a text. */
function fieldsOf(extra: unknown): object {
  if (extra instanceof Error) return { error: reasonOf(toError(extra)) };
  if (typeof extra === 'object' && extra !== null) {
    return Object.fromEntries(
      Object.entries(extra).map(([name, value]) => [
        name,
        value instanceof Error ? reasonOf(toError(value)) : value,
      ]),
    );
  }
  return { extra };
}
