import type { Completable, CompletableOption } from './completable.ts';

/** A line for each word. File names are completed only where an option takes a value of any kind. */
export function fishScript(all: readonly Completable[]): string {
  const paths = all.filter(({ path }) => path.length > 0).map(({ path }) => quote(path.join(' ')));
  return `# Completes fanfare in fish: fanfare completion fish | source
function __fanfare_at --argument-names wanted
    set -l at
    for word in (commandline -opc)[2..]
        if contains -- (string join ' ' $at $word) ${paths.join(' ')}
            set -a at $word
        end
    end
    test "$at" = "$wanted"
end
complete -c fanfare -f
${all.flatMap(linesOf).join('\n')}`;
}

function linesOf({ path, commands, values, options }: Completable): readonly string[] {
  const begin = `complete -c fanfare -n ${quote(`__fanfare_at "${path.join(' ')}"`)}`;
  return [
    ...[...commands, ...values].map(
      ({ text, description }) => `${begin} -a ${quote(text)} -d ${quote(description)}`,
    ),
    ...options.map((option) => `${begin} ${flagsOf(option)} -d ${quote(option.description)}`),
  ];
}

function flagsOf({ names, takesValue, choices }: CompletableOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  if (!takesValue) return flags.join(' ');
  return [...flags, choices.length > 0 ? `-x -a ${quote(choices.join(' '))}` : '-r -F'].join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
