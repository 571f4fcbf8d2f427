import { type Completable, valuesOfOptions } from './completable.ts';

/** What is completed of file names is left to bash itself, by `-o default`. */
export function bashScript(all: readonly Completable[]): string {
  const paths = all.filter(({ path }) => path.length > 0).map(({ path }) => quote(path.join(' ')));
  return `# Completes fanfare in bash: eval "$(fanfare completion bash)"
_fanfare() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} path='' next word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    next=\${path:+$path }$word
    case $next in
      ${paths.join(' | ')}) path=$next ;;
    esac
  done
  case "$path $before" in
${all.flatMap(valueCases).join('\n')}
    *)
      case $path in
${all.map(wordCase).join('\n')}
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _fanfare fanfare`;
}

/** After an option that takes a value: its values, or none, so that bash completes the name of a file. */
function valueCases({ path, options }: Completable): readonly string[] {
  return [...valuesOfOptions(options)].map(([values, names]) => {
    const patterns = names.map((name) => quote(`${path.join(' ')} ${name}`));
    return `    ${patterns.join(' | ')}) words=${quote(values)} ;;`;
  });
}

function wordCase({ path, commands, values, options }: Completable): string {
  const words = [
    ...[...commands, ...values].map(({ text }) => text),
    ...options.flatMap(({ names }) => names),
  ];
  return `        ${quote(path.join(' '))}) words=${quote(words.join(' '))} ;;`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
