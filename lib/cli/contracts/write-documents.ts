import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../local/synthesize.ts';
import { findProject } from '../../project/find-project.ts';

/** The documents of the first bus have no name before them; those of every other have that of their bus. */
const DOCUMENT = /(^|\.)(openapi|asyncapi)\.json$/;

/**
 * Writes the documents of the app into a folder: of its buses, and of what its consumers do on the buses of other apps.
 *
 * @param context settings of a stage: who may publish and how large requests may be depends on them
 * @returns the files
 * @throws Error with what the app printed when it does not synthesize
 */
export async function writeDocuments(
  folder: string,
  context: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const assembly = await mkdtemp(join(tmpdir(), 'fanfare-documents-'));
  try {
    const project = findProject();
    await synthesize({
      ...project,
      context: { ...project.context, ...context },
      outputDirectory: assembly,
    });
    const names = (await readdir(assembly)).filter((name) => DOCUMENT.test(name)).toSorted();
    await mkdir(folder, { recursive: true });
    return await Promise.all(
      names.map(async (name) => {
        await copyFile(join(assembly, name), join(folder, name));
        return join(folder, name);
      }),
    );
  } finally {
    await rm(assembly, { recursive: true, force: true });
  }
}
