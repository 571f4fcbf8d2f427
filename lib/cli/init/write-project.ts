import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readOwnPackage } from '../../project/own-package.ts';

/**
 * The files of a new app, by the names of their templates, which lie in one folder: names as they are here would be taken for sources,
 * and npm leaves a `.gitignore` out of a package.
 */
const FILES: Readonly<Record<string, string>> = {
  'package.json': 'package.json',
  'cdk.json': 'cdk.json',
  'tsconfig.json': 'tsconfig.json',
  'ci-run': '.ci/run',
  gitignore: '.gitignore',
  'README.md': 'README.md',
  'app.ts': 'bin/app.ts',
  'events.ts': 'events/index.ts',
  'schema.json': 'events/schemas/library.BookReturned.v1.json',
  'publish-handler.ts': 'lambdas/publish/handler.ts',
  'consumer.ts': 'lambdas/shelf/consumer.ts',
  'handler.ts': 'lambdas/shelf/handler.ts',
  'shelve-book.ts': 'lambdas/shelf/shelve-book.ts',
  'test.ts': 'test/shelf.test.ts',
};
const TEMPLATES = join(import.meta.dirname, 'template');
/** Git makes it before there is anything. */
const MAY_BE_THERE = ['.git'];
const EXECUTABLE = 0o755;

/** The names in a folder that is not empty; none when the folder does not exist. @throws Error when it is no folder */
export function contentOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !MAY_BE_THERE.includes(name));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return [];
    if (code !== 'ENOTDIR') throw error;
    throw new Error(`${folder} is a file; name a folder that is not there yet`, { cause: error });
  }
}

/**
 * Writes a small app into a folder, which is made if it is not there.
 *
 * @param app its name, for its package and its stacks
 * @returns the paths of the files, from the folder
 */
export function writeProject(folder: string, app: string): readonly string[] {
  const { name, version } = readOwnPackage();
  // The package that only makes apps has the name of the other behind `create-`.
  const values = { app, package: name.replace(/^create-/, ''), version };
  const texts = Object.entries(FILES).map(([template, path]) => {
    const text = readFileSync(join(TEMPLATES, `${template}.template`), 'utf8');
    return { path, text: fill(text, values), ...(template === 'ci-run' && { mode: EXECUTABLE }) };
  });
  for (const { path, text, mode } of texts) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx', mode });
  }
  return Object.values(FILES);
}

/** `{{app}}` becomes the app's name, and so on. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce(
    (filled, [name, value]) => filled.replaceAll(`{{${name}}}`, value),
    text,
  );
}
