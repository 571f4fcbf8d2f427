import { Argument, Command } from 'commander';
import { CATALOGUE } from './catalogue.ts';
import { bashScript } from './completion/bash.ts';
import { completableOf } from './completion/completable.ts';
import { fishScript } from './completion/fish.ts';
import { zshScript } from './completion/zsh.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** Adds `fanfare completion`. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description(
      'Prints a script that lets a shell complete commands and options. For bash: eval "$(fanfare completion bash)". It is made of ' +
        'the commands as they are now, and asks nothing of a deployment.',
    )
    .addArgument(new Argument('<shell>').choices(Object.keys(SCRIPTS)))
    .action(async (shell: keyof typeof SCRIPTS) => {
      const all = new Command('fanfare');
      for (const { load } of Object.values(CATALOGUE)) (await load())(all);
      console.log(SCRIPTS[shell](completableOf(all)));
    });
}
