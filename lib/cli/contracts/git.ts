import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

/** Variables that git sets for its hooks. They would select the repository of the hook instead of that of the folder. */
const OF_HOOKS = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR'];

/** How a git command ended. */
export interface GitResult {
  readonly ok: boolean;
  readonly output: Buffer;
  /** The first line of what it said of its failure. */
  readonly reason: string;
}

/** Runs git in a folder, and reads what it prints. It never rejects: a git that is not there is a failure with its reason. */
export async function git(folder: string, args: readonly string[], input = ''): Promise<GitResult> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_HOOKS.includes(name)));
  const child = spawn('git', ['-C', folder, ...args], { env: { ...env, LC_ALL: 'C' } });
  // A git that ends without reading its input breaks the pipe; its exit code says what there is to say.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  try {
    const [output, errors, [code]] = await Promise.all([
      buffer(child.stdout),
      buffer(child.stderr),
      once(child, 'close'),
    ]);
    return { ok: code === 0, output, reason: errors.toString().split('\n')[0] ?? '' };
  } catch (error) {
    // Only a git that cannot be started gets here: its caller goes on without one, and says so.
    return {
      ok: false,
      output: Buffer.alloc(0),
      reason: error instanceof Error ? error.message : String(error),
    };
  }
}

/** What git prints, without the line break at its end; undefined when it fails or prints nothing. */
export async function askGit(folder: string, ...args: readonly string[]): Promise<string | undefined> {
  const { ok, output } = await git(folder, args);
  return (ok && output.toString().trimEnd()) || undefined;
}
