import { type Command, InvalidArgumentError } from 'commander';

/** Settings as they are typed: `stage=prod`. */
export interface ContextOptions {
  readonly context: readonly string[];
}

/** Adds `-c`, the settings that a stage is deployed with. */
export function withContext(command: Command): Command {
  return command.option(
    '-c, --context <key=value>',
    'a setting of the stage, as for deploying; may be repeated',
    (pair: string, before: readonly string[]) => {
      if (/^[^=]+=./.test(pair)) return [...before, pair];
      throw new InvalidArgumentError('Say a name and a value, such as stage=prod.');
    },
    [],
  );
}

/** The settings by name; of those that are typed twice the last counts, as it does for the CDK. */
export function readContext({ context }: ContextOptions): Readonly<Record<string, string>> {
  return Object.fromEntries(
    context.map((pair) => {
      const [name = ''] = pair.split('=', 1);
      return [name, pair.slice(name.length + 1)];
    }),
  );
}
