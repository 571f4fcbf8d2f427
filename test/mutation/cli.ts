import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { createProgress } from '../../lib/cli/terminal/progress.ts';
import { reasonToLive } from './accepted.ts';
import { checkOracles, Judge } from './judge.ts';
import { flat, type Mutant, mutantsOfFile } from './mutants.ts';
import { type Result, Results } from './results.ts';

/** Metrics and log lines are for people. */
const FILES = {
  include: ['lib/runtime/**/*.ts', 'lib/publishing/{http,topic,large-data}/**/*.ts', 'lib/aws/**/*.ts'],
  exclude: [
    'lib/runtime/telemetry/{powertools,count}.ts',
    'lib/aws/log/create-logger.ts',
    'lib/aws/bundle/*.ts',
  ],
};
const MAX_SHOWN = 120;

interface Options {
  readonly file?: readonly string[];
  readonly only?: readonly number[];
  readonly every: number;
  readonly seeds: number;
  readonly threads: number;
  readonly report: string;
  readonly resume: boolean;
  readonly survivors: boolean;
  readonly list: boolean;
  readonly json: boolean;
}

await new Command('mutate')
  .description(
    'Makes small faults in the runtime and the publish function, and tells which of them nothing notices.',
  )
  .option(
    '--file <path...>',
    'files to mutate (default: lib/runtime, lib/publishing without its client, and lib/aws)',
  )
  .option('--only <number...>', 'numbers of mutants within each file', (text: string, all: number[] = []) => [
    ...all,
    Number(text),
  ])
  .option(
    '--every <n>',
    'only every nth mutant of each file, for an estimate in a part of the time',
    Number,
    1,
  )
  .option('--seeds <count>', 'seeds of the simulation per mutant', Number, 300)
  .option('--threads <count>', 'mutants at once', Number, availableParallelism())
  .option('--report <file>', 'where the results are kept, one line of JSON each', '.fanfare/mutation.jsonl')
  .option('--resume', 'go on with the results of the report', false)
  .option('--survivors', 'try those again that live by the report', false)
  .option('--list', 'only list the mutants', false)
  .option('--json', 'print the result as JSON', false)
  .action(run)
  .parseAsync();

async function run(options: Options): Promise<void> {
  const mutants = selectMutants(options);
  if (options.list) {
    for (const mutant of mutants) console.log(describe(mutant));
    return;
  }
  const results = new Results(options.report, options.resume || options.survivors);
  await judgeAll(
    mutants.filter((one) => isOpen(one, results, options)),
    results,
    options,
  );
  report(
    mutants.flatMap((one) => results.of(one) ?? []),
    options,
  );
}

function selectMutants({ file, only, every }: Options): Mutant[] {
  const { include, exclude } = FILES;
  return (file ?? globSync(include, { exclude }).toSorted())
    .flatMap(mutantsOfFile)
    .filter(({ number }) => (!only || only.includes(number)) && number % every === 0);
}

function isOpen(mutant: Mutant, results: Results, { survivors }: Options): boolean {
  const result = results.of(mutant);
  return survivors ? result !== undefined && !result.killedBy && !reasonToLive(mutant) : !result;
}

async function judgeAll(open: Mutant[], results: Results, { seeds, threads }: Options): Promise<void> {
  if (open.length === 0) return;
  const oracles = await checkOracles(seeds, [...new Set(open.map(({ file }) => file))]);
  const progress = createProgress(process.stderr, 'Mutating', open.length);
  let done = 0;
  const queue = [...open];
  const judgeNext = async (): Promise<void> => {
    const judge = new Judge(oracles);
    try {
      for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
        const result = await judge.judge(mutant);
        results.add(result);
        progress.update(++done);
        if (!process.stderr.isTTY) console.error(`${done}/${open.length} ${describeResult(result)}`);
      }
    } finally {
      judge.stop();
    }
  };
  await Promise.all(Array.from({ length: threads }, judgeNext));
  progress.finish();
}

function report(results: readonly Result[], { json }: Options): void {
  const by = (killer: Result['killedBy']): number =>
    results.filter(({ killedBy }) => killedBy === killer).length;
  const survivors = results
    .filter(({ killedBy }) => !killedBy)
    .map((one) => ({ ...one, reason: reasonToLive(one) }));
  const unexplained = survivors.filter(({ reason }) => reason === undefined);
  const seconds = results.reduce((sum, one) => sum + one.seconds, 0);
  const killed = { simulation: by('simulation'), tests: by('tests'), time: by('time') };
  const score = results.length === 0 ? 1 : 1 - survivors.length / results.length;
  if (json)
    console.log(JSON.stringify({ mutants: results.length, killed, score, seconds, survivors }, null, 2));
  else {
    for (const one of survivors) console.log(`${describe(one)}\n    ${one.reason ?? 'NOT ACCEPTED'}`);
    console.log(
      `${results.length} mutants: killed by the simulation ${killed.simulation}, by tests ${killed.tests}, by time ${killed.time}; ` +
        `${survivors.length} live, ${unexplained.length} of them without a reason. Score ${(score * 100).toFixed(1)}%, ` +
        `${(seconds / Math.max(1, results.length)).toFixed(1)} s each.`,
    );
  }
  process.exitCode = unexplained.length > 0 ? 1 : 0;
}

function describeResult(result: Result): string {
  const { killedBy, how = '', seconds } = result;
  const ending = killedBy ? `killed by ${killedBy} ${how}` : 'LIVES';
  return `${describe(result)}: ${ending} (${seconds.toFixed(1)} s)`;
}

function describe({ file, line, number, original, replacement }: Mutant): string {
  return `${file}:${line} #${number} ${clip(original)} → ${clip(replacement)}`;
}

function clip(text: string): string {
  const line = flat(text);
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}
