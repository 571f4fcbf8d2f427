import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Asks a person, who may say y or yes. Whatever else happens, such as Ctrl-C, is a no. */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // While readline asks, Ctrl-C sends no signal to the process.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  // Ctrl-D closes the terminal. Then the question would never be answered.
  const closed = once(terminal, 'close').then(() => 'no');
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `, { signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    // The command was stopped during the question.
    if (signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
