import { styleText } from 'node:util';
import type { FunctionListener } from './local-function.ts';

const SHOWN = new Set(['WARN', 'ERROR', 'CRITICAL']);

/**
 * Shows the log lines of functions: warnings and errors in one line each, or every line when `verbose` is true.
 *
 * @param log gets each line for the terminal
 */
export function createFunctionLog(log: (line: string) => void, verbose: boolean): FunctionListener {
  return {
    line: (functionName, line) => {
      if (verbose) return log(`${label(functionName)} ${line}`);
      const shown = summarize(line);
      if (shown !== undefined) log(`${label(functionName)} ${shown}`);
    },
    failed: (functionName, invocation) => {
      if (invocation.status !== 'succeeded') {
        log(`${label(functionName)} invocation ${invocation.status}: ${invocation.error.split('\n')[0]}`);
      }
    },
  };
}

/** The beginning of the function's name, for the start of a line. */
function label(functionName: string): string {
  return styleText('dim', `[${functionName.slice(0, 48)}]`, { stream: process.stderr });
}

/** One line for a log entry that is a warning or an error; undefined for other entries. */
function summarize(line: string): string | undefined {
  if (!line.startsWith('{')) return line;
  try {
    const entry: {
      level?: string;
      message?: string;
      error?: { name?: string; message?: string };
      _aws?: unknown;
    } = JSON.parse(line);
    if (entry._aws !== undefined || !SHOWN.has(entry.level ?? '')) return undefined;
    const reason = entry.error ? `: ${entry.error.name ?? 'Error'}: ${entry.error.message ?? ''}` : '';
    return escaped(`${entry.level} ${entry.message ?? ''}${reason}`);
  } catch {
    // The line is no JSON, so the handler wrote it itself. It is shown unchanged.
    return line;
  }
}

/** Control characters by their numbers, as in JSON: an order to the terminal, or the end of a line, would be one here. */
function escaped(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
