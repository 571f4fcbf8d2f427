import type { Argument, Command, Option } from 'commander';

/** A word that can be typed, and what it is for. */
export interface Word {
  readonly text: string;
  readonly description: string;
}

/** An option with its long name, and its short one if it has one. */
export interface CompletableOption {
  readonly names: readonly string[];
  readonly description: string;
  /** It must have one: after `--watch [seconds]` another option may follow. */
  readonly takesValue: boolean;
  /** All values that it takes; none when they are not known. */
  readonly choices: readonly string[];
}

/** Options that must have a value, by their values: an empty text where these are not known. */
export function valuesOfOptions(
  options: readonly CompletableOption[],
): ReadonlyMap<string, readonly string[]> {
  const byValues = Map.groupBy(
    options.filter(({ takesValue }) => takesValue),
    ({ choices }) => choices.join(' '),
  );
  return new Map([...byValues].map(([values, some]) => [values, some.flatMap(({ names }) => names)]));
}

/** What can be typed after some words of a command, such as `dlq list`. */
export interface Completable {
  /** The words before, without `fanfare`; none for the beginning. */
  readonly path: readonly string[];
  readonly commands: readonly Word[];
  /** Values of its arguments, where they are known. */
  readonly values: readonly Word[];
  readonly options: readonly CompletableOption[];
}

/** Everything that can be typed, by commander's own definitions: one entry for each command and its subcommands. */
export function completableOf(command: Command, path: readonly string[] = []): readonly Completable[] {
  const own: Completable = {
    path,
    commands: command.commands.map((one) => ({
      text: one.name(),
      description: firstSentence(one.description()),
    })),
    values: command.registeredArguments.flatMap(valuesOf),
    options: command.createHelp().visibleOptions(command).map(optionOf),
  };
  return [own, ...command.commands.flatMap((one) => completableOf(one, [...path, one.name()]))];
}

function valuesOf({ argChoices = [], description }: Argument): readonly Word[] {
  return argChoices.map((text) => ({ text, description }));
}

function optionOf({ short, long, description, required, argChoices }: Option): CompletableOption {
  return {
    names: [long, short].filter((name) => name !== undefined),
    description: firstSentence(description),
    takesValue: required,
    choices: argChoices ?? [],
  };
}

function firstSentence(text: string): string {
  return /^.*?(?=[.;:](\s|$)|$)/.exec(text)?.[0] ?? text;
}
