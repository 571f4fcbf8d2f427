import { watch } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { styleText } from 'node:util';
import { synthesize } from '../local/synthesize.ts';
import type { Project } from '../project/find-project.ts';

/** Where `fanfare start` writes the assembly, below the root of the project. */
export const ASSEMBLY = '.fanfare/assembly';

/** Folders below the root in which no source is edited. */
const NOT_WATCHED = /^(node_modules|cdk\.out|\.[^/]*)(\/|$)/;
/** Editors write a file in several steps; one synthesis should see them all. */
const SETTLE_MILLISECONDS = 150;

/** What runs the assembly. */
interface Running {
  /** Deploys it again. @returns the functions that were swapped, if that is known */
  reload(assemblyDirectory: string): Promise<readonly string[] | undefined>;
}

interface Watched {
  readonly project: Project;
  readonly say: (line: string) => void;
  /** Keeps data, and each deployment writes into it: what is in it is no source. Not `project.root` itself. @default - there is none */
  readonly dataDirectory?: string | undefined;
}

/** Synthesizes again whenever a source changes, and deploys what has changed. @returns how to stop watching */
export function watchSources(running: Running, { project, say, dataDirectory }: Watched): () => void {
  const isData = (path: string) => isKept(path, { project, dataDirectory });
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const watcher = watch(project.root, { recursive: true }, (_, file) => {
    if (file === null || NOT_WATCHED.test(file)) return;
    if (isData(resolve(project.root, file))) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(() => swap(running, { project, say }));
    }, SETTLE_MILLISECONDS);
  });
  say(`Watching ${project.root}: a changed function is rebundled and swapped.`);
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

/** A data directory above the project has its files beside the project. */
function isKept(path: string, { project, dataDirectory }: Omit<Watched, 'say'>): boolean {
  if (dataDirectory === undefined || !isIn(project.root, dataDirectory)) return false;
  return path === dataDirectory || isIn(dataDirectory, path);
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(join(folder, sep));
}

async function swap(running: Running, { project, say }: Pick<Watched, 'project' | 'say'>): Promise<void> {
  const outputDirectory = join(project.root, ASSEMBLY);
  try {
    await synthesize({ ...project, outputDirectory });
    const swapped = await running.reload(outputDirectory);
    if (swapped === undefined) say('Deployed again.');
    else
      say(swapped.length === 0 ? 'Nothing that is deployed has changed.' : `Swapped ${swapped.join(', ')}.`);
  } catch (error) {
    // A source in the middle of an edit must not end the session: what ran before goes on.
    say(styleText('red', error instanceof Error ? error.message : String(error), { stream: process.stderr }));
  }
}
