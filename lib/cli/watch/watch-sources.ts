import { join, relative, sep } from 'node:path';
import { styleText } from 'node:util';
import { synthesize } from '../../local/synthesize.ts';
import type { Project } from '../../project/find-project.ts';
import { watchFolders } from './watch-folders.ts';

/** Where `fanfare start` writes the assembly, below the root of the project. */
export const ASSEMBLY = '.fanfare/assembly';

/** Files and folders of the project that are no source: these at its root, and packages wherever they are. */
const NOT_WATCHED = /^(?:cdk\.out|\.[^/]*)$|(?:^|[/\\])node_modules$/;
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
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const stop = watchFolders(project.root, {
    ignores: (path) =>
      NOT_WATCHED.test(relative(project.root, path)) || isKept(path, { project, dataDirectory }),
    changed: () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        last = last.then(() => swap(running, { project, say }));
      }, SETTLE_MILLISECONDS);
    },
    failed: (folder, { message }) =>
      say(`Not all sources are watched, such as those in ${folder}: ${message}`),
  });
  say(`Watching ${project.root}: a changed function is rebundled and swapped.`);
  return () => {
    clearTimeout(timer);
    stop();
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
