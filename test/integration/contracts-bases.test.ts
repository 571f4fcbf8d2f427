import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ContractsProject, createCommittedProject, openContractsProject } from './contracts-project.ts';

let project: ContractsProject;
let clones: readonly ContractsProject[];

beforeEach(() => {
  clones = [];
  project = createCommittedProject();
});

afterEach(() => {
  for (const one of [project, ...clones]) one.remove();
});

function clone(...options: readonly string[]): ContractsProject {
  const copy = project.clone(...options);
  clones = [...clones, copy];
  return copy;
}

describe('the check passes, and says what it has seen, in', () => {
  const calm = (told: string) => ({ code: 0, output: expect.stringContaining(told) });

  beforeEach(() => project.git('commit', '--quiet', '--allow-empty', '--message', 'Do something else'));

  it('a clone without a remote', async () => {
    const copy = clone();
    copy.git('remote', 'remove', 'origin');
    expect(await copy.contracts('check')).toMatchObject(
      calm('(the commit before it), which has 6 versions.'),
    );
  });

  it('a detached head', async () => {
    const copy = clone();
    copy.git('checkout', '--quiet', '--detach', 'HEAD');
    copy.git('branch', '--quiet', '--delete', '--force', 'main');
    expect(await copy.contracts('check')).toMatchObject(
      calm('(the commit before it), which has 6 versions.'),
    );
  });

  it('a shallow clone', async () => {
    const copy = clone('--depth', '1');
    const { code, output } = await copy.contracts('check');
    expect({ code, output }).toEqual(calm('(the last commit), which has 6 versions.'));
    expect(output).toContain('This clone is shallow');
    expect(output).toContain('git fetch --unshallow');
  });

  it('a shallow clone whose branch has nothing in common with main', async () => {
    project.git('checkout', '--quiet', '-b', 'feature', 'HEAD~1');
    project.git('commit', '--quiet', '--allow-empty', '--message', 'Do a third thing');
    const copy = clone('--depth', '1', '--branch', 'feature', '--no-single-branch');
    expect(await copy.contracts('check')).toMatchObject(calm('This clone is shallow'));
  });

  it('a repository without a main branch', async () => {
    project.git('branch', '--quiet', '--move', 'trunk');
    expect(await project.contracts('check')).toMatchObject(calm('There is no main branch'));
    expect((await project.contracts('check')).output).toContain('--against');
  });

  it('a repository whose events are not committed', async () => {
    project.git('rm', '--quiet', '-r', '--cached', 'events');
    project.git('commit', '--quiet', '--amend', '--allow-empty', '--message', 'Nothing');
    expect(await project.contracts('check')).toMatchObject(calm('(the last commit), which has 0 versions.'));
  });

  it('a repository without a commit', async () => {
    rmSync(join(project.folder, '.git'), { recursive: true });
    project.git('init', '--quiet');
    expect(await project.contracts('check')).toMatchObject(calm('nothing is committed yet'));
  });

  it('a folder without git', async () => {
    rmSync(join(project.folder, '.git'), { recursive: true });
    const { code, output } = await project.contracts('check');
    expect({ code, output }).toEqual(
      calm('Compared with the files only, for there is no git history here (fatal: not a git'),
    );
    expect(await project.contracts('check', '--against', 'main')).toMatchObject({ code: 1 });
  });

  it('a machine without git', async () => {
    const alone = openContractsProject(clone().folder, { PATH: '/nowhere' });
    expect(await alone.contracts('check')).toMatchObject(
      calm('there is no git history here (spawn git ENOENT)'),
    );
  });

  it('a hook of another repository', async () => {
    const elsewhere = { GIT_DIR: join(clone().folder, '.git'), GIT_INDEX_FILE: 'index', GIT_PREFIX: 'x/' };
    const hooked = openContractsProject(project.folder, elsewhere);
    hooked.git('commit', '--quiet', '--allow-empty', '--message', 'Only here');
    const head = hooked.git('rev-parse', 'HEAD').slice(0, 7);
    expect(await hooked.contracts('check')).toMatchObject(calm(`Compared with ${head} (the last commit)`));
  });
});
