import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

/** Has a Node that says it is another load something. */
const withNode = (version: string, ...args: readonly string[]) => {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  return run(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, ...args]);
};
const importing = (path: string) => ['--input-type=module', '-e', `await import('${pathToFileURL(path)}')`];

const INDEXES = ['contracts', 'runtime', 'constructs', 'publishing/http', 'publishing/client'];

it.each(INDEXES)('lib/%s says that Node 20 is too old, and which is not', async (folder) => {
  await expect(withNode('20.20.2', ...importing(`lib/${folder}/index.ts`))).rejects.toMatchObject({
    stderr: expect.stringContaining('fanfare needs Node 22, this is v20.20.2'),
  });
  await expect(withNode('22.20.0', ...importing(`lib/${folder}/index.ts`))).resolves.toMatchObject({
    stderr: '',
  });
});

it('the command line says that it needs Node 24, and where there is one', async () => {
  await expect(withNode('22.20.0', 'lib/cli/fanfare.ts', '--help')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^fanfare: needs Node 24, this is v\S+ \(.*node\)\. An app of 'npm create fanfare'/,
    ),
  });
});
