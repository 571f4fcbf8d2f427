import { styleText } from 'node:util';
import type { FunctionListener } from './functions/local-function.ts';

const SHOWN = new Set(['WARN', 'ERROR', 'CRITICAL']);

/**
 * Shows what functions write: warnings and errors in one line each, and everything when it is verbose.
 *
 * @param log takes a line for the terminal
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

/** Without the stack's name and CloudFormation's suffix: `Inventory-ConsumerFunction`. */
function label(functionName: string): string {
  return styleText('dim', `[${functionName.slice(0, 48)}]`, { stream: process.stderr });
}

/** One line for a structured log entry that somebody should see; undefined for all others. */
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
    return `${entry.level} ${entry.message ?? ''}${reason}`;
  } catch {
    // Not JSON after all: somebody's own line, shown as it is.
    return line;
  }
}
