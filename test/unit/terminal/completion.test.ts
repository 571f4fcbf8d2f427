import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../lib/cli/catalogue.ts';
import { startCommand } from './command.ts';

const scriptOf = async (shell: string): Promise<string> => {
  const { code, stdout } = await startCommand(['completion', shell]).ended;
  expect(code).toBe(0);
  return stdout;
};

describe('bash', () => {
  let script: string;
  beforeAll(async () => {
    script = await scriptOf('bash');
  });

  /** What a real bash offers after these words; the last is being typed. */
  function offered(...words: readonly string[]): readonly string[] {
    const typed = ['fanfare', ...words].map((word) => `'${word}'`).join(' ');
    const asked = `${script}\nCOMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _fanfare; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-u', '-c', asked], { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return stdout.split('\n').filter(Boolean);
  }

  it.each([
    [['st'], ['start', 'status']],
    [['dlq', 'red'], ['redrive']],
    [['dlq', 'redrive', 'email', '--per'], ['--per-second']],
    [['status', '--wa'], ['--watch']],
    [['status', '--watch', '--js'], ['--json']],
    [['--aws-port', 'status', '--js'], ['--json']],
    [
      ['open', ''],
      ['console', 'api', 'docs'],
    ],
    [['open', 'console', '--pri'], ['--print']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['nonsense', '--js'], []],
  ])('after %j offers %j', (words, expected) => {
    const all = offered(...words);
    expect(all.filter((word) => !word.startsWith('-') || expected.includes(word))).toEqual(expected);
  });

  it('offers every command', () => {
    expect(offered('')).toEqual(expect.arrayContaining(Object.keys(CATALOGUE)));
  });

  it('leaves the value of an option to the names of files', () => {
    expect(offered('publish', '--data', '')).toEqual([]);
  });
});

describe.each([
  ['zsh', (word: string) => `'${word}:`],
  ['fish', (word: string) => ` -a '${word}' -d '`],
])('%s', (shell, offer) => {
  let script: string;
  beforeAll(async () => {
    script = await scriptOf(shell);
  });

  it('is offered every command, and every quote is closed', () => {
    for (const command of Object.keys(CATALOGUE)) expect(script).toContain(offer(command));
    expect(script).toContain('dlq list');
    const quotes = script.replaceAll("'\\''", '').replaceAll("\\'", '').match(/'/g) ?? [];
    expect(quotes.length % 2).toBe(0);
  });

  // Neither comes with every machine; where one is, it must take the script.
  const here = spawnSync(shell, ['--version']).status === 0;
  it.runIf(here)('is taken by the shell itself', () => {
    const { status, stderr } = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

it('another shell is a mistake, with those that there are', async () => {
  const { code, stderr } = await startCommand(['completion', 'tcsh']).ended;
  expect(code).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});
