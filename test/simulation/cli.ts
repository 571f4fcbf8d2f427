import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { createProgress } from '../../lib/cli/terminal/progress.ts';
import { FAULTS } from './faults/faults.ts';
import { runSeeds } from './run-seeds.ts';

const SHOWN = 10;

const program = new Command('simulate')
  .description(
    'Runs the consumer runtime on simulated services, one story per seed, and checks what must hold.',
  )
  .option('--seeds <count>', 'how many seeds', Number, 2_000)
  .option('--from <seed>', 'the first seed', Number, 1)
  .option('--fault <name>', `put a deliberate fault in: ${Object.keys(FAULTS).join('; ')}`)
  .option('--threads <count>', 'how many threads', Number, availableParallelism())
  .option('--json', 'print the result as JSON', false)
  .action(
    async ({
      json,
      ...options
    }: {
      seeds: number;
      from: number;
      fault?: string;
      threads: number;
      json: boolean;
    }) => {
      const progress = createProgress(process.stderr, 'Simulating', options.seeds);
      const startedAt = performance.now();
      const { done, failures } = await runSeeds({
        ...options,
        stopAtFailure: false,
        onProgress: progress.update,
      });
      progress.finish();
      const seconds = (performance.now() - startedAt) / 1000;
      if (json) console.log(JSON.stringify({ seeds: done, from: options.from, seconds, failures }, null, 2));
      else {
        console.log(
          `${done} seeds from ${options.from} in ${seconds.toFixed(1)} s: ${failures.length} violate what must hold.`,
        );
        for (const { seed, violations } of failures.slice(0, SHOWN)) {
          console.log(`\nseed ${seed} (npm run simulate -- --seeds 1 --from ${seed})`);
          for (const violation of violations) console.log(`  ${violation}`);
        }
      }
      process.exitCode = failures.length > 0 ? 1 : 0;
    },
  );

await program.parseAsync();
