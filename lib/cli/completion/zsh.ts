import { type Completable, valuesOfOptions } from './completable.ts';

/** Words with their descriptions. */
export function zshScript(all: readonly Completable[]): string {
  const paths = all.filter(({ path }) => path.length > 0).map(({ path }) => quote(path.join(' ')));
  return `#compdef fanfare
# Completes fanfare in zsh: eval "$(fanfare completion zsh)"
_fanfare() {
  local current_path='' next word
  local -a offered
  for word in "\${(@)words[2,CURRENT - 1]}"; do
    next=\${current_path:+$current_path }$word
    case $next in
      ${paths.map((path) => `(${path})`).join('|')}) current_path=$next ;;
    esac
  done
  case "$current_path $words[CURRENT - 1]" in
${all.flatMap(valueCases).join('\n')}
  esac
  case $current_path in
${all.map(wordCase).join('\n')}
  esac
  _describe 'fanfare' offered
}
compdef _fanfare fanfare`;
}

/** After an option that takes a value: its values, or the names of files. */
function valueCases({ path, options }: Completable): readonly string[] {
  return [...valuesOfOptions(options)].map(([values, names]) => {
    const patterns = names.map((name) => quote(`${path.join(' ')} ${name}`));
    return `    ${patterns.join('|')}) ${values === '' ? '_files' : `compadd -- ${values}`}; return ;;`;
  });
}

function wordCase({ path, commands, values, options }: Completable): string {
  const described = [
    ...[...commands, ...values].map(({ text, description }) => describe(text, description)),
    ...options.flatMap(({ names, description }) => names.map((name) => describe(name, description))),
  ];
  return `    ${quote(path.join(' '))}) offered=(${described.join(' ')}) ;;`;
}

/** The colon divides a word from its description. */
function describe(text: string, description: string): string {
  return quote(`${text.replaceAll(':', '\\:')}:${description}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
