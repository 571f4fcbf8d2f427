import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../synthesize.ts';

const DOCUMENTS = ['openapi.json', 'asyncapi.json'];

/**
 * Writes the documents of the app into a folder.
 *
 * @returns the files
 * @throws Error with what the app printed when it does not synthesize
 */
export async function writeDocuments(folder: string): Promise<readonly string[]> {
  const assembly = await mkdtemp(join(tmpdir(), 'fanfare-documents-'));
  try {
    await synthesize(assembly);
    await mkdir(folder, { recursive: true });
    return await Promise.all(
      DOCUMENTS.map(async (name) => {
        await copyFile(join(assembly, name), join(folder, name));
        return join(folder, name);
      }),
    );
  } finally {
    await rm(assembly, { recursive: true, force: true });
  }
}
