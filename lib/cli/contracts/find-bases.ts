import type { Base } from '../../contracts/compatibility/check-contracts.ts';
import { askGit, git } from './git.ts';
import { readCommittedSchemas } from './read-committed-schemas.ts';

/** Where the main branch may be, the most certain first. */
const MAIN_BRANCHES = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

/** What the contracts are compared with beside the files, and what a person has to know of it. */
export interface FoundBases {
  readonly bases: readonly Base[];
  /** What does not hold for want of a base; none when all holds. */
  readonly notes: readonly string[];
}

interface Commit {
  readonly id: string;
  /** What the commit is to the person. */
  readonly is: string;
}

/**
 * Finds the commits whose schemas count as published: the one that is asked for, or else where the checked-out commit left the main
 * branch. On the main branch itself that would be the same commit: then it is that one and the one before it.
 *
 * @param folder of the contracts
 * @param against a commit, branch or tag
 * @throws Error when `against` names no commit
 */
export async function findBases(folder: string, against?: string): Promise<FoundBases> {
  if (against !== undefined) return readBases(folder, [await resolveAgainst(folder, against)]);
  const inGit = await git(folder, ['rev-parse', '--git-dir']);
  if (!inGit.ok) return without(`there is no git history here (${inGit.reason})`);
  const head = await commitOf(folder, 'HEAD');
  if (!head) return without('nothing is committed yet');
  const main = await findMain(folder);
  const left = main && (await askGit(folder, 'merge-base', 'HEAD', main));
  if (left && left !== head) return readBases(folder, [{ id: left, is: `where this branch left ${main}` }]);
  const before = await commitOf(folder, 'HEAD^1');
  const commits = [
    { id: head, is: 'the last commit' },
    ...(before ? [{ id: before, is: 'the commit before it' }] : []),
  ];
  const isShallow = (await askGit(folder, 'rev-parse', '--is-shallow-repository')) === 'true';
  return readBases(folder, commits, [
    ...(main ? [] : [`There is no main branch (${MAIN_BRANCHES.join(', ')}); name one with --against.`]),
    ...(isShallow && (!before || !left)
      ? ['This clone is shallow, and older commits are not here; git fetch --unshallow gets them.']
      : []),
  ]);
}

async function resolveAgainst(folder: string, against: string): Promise<Commit> {
  const id = await commitOf(folder, against);
  if (id) return { id, is: against };
  const { reason } = await git(folder, ['rev-parse', '--verify', '--end-of-options', `${against}^{commit}`]);
  throw new Error(`--against ${against} names no commit here (${reason}); name one that git log knows`);
}

function commitOf(folder: string, ref: string): Promise<string | undefined> {
  return askGit(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
}

async function findMain(folder: string): Promise<string | undefined> {
  for (const branch of MAIN_BRANCHES) if (await commitOf(folder, branch)) return branch;
  return undefined;
}

async function readBases(
  folder: string,
  commits: readonly Commit[],
  notes: readonly string[] = [],
): Promise<FoundBases> {
  const bases = await Promise.all(
    commits.map(async ({ id, is }) => ({
      name: `${id.slice(0, 7)} (${is})`,
      schemas: await readCommittedSchemas(folder, id),
    })),
  );
  return { bases, notes };
}

function without(reason: string): FoundBases {
  const note = `Compared with the files only, for ${reason}: a schema that was edited or deleted would not be noticed.`;
  return { bases: [], notes: [note] };
}
