import { enableCompileCache, registerHooks } from 'node:module';
import type { Edit, Fault } from './faults/fault.ts';
import type { Failure } from './simulate.ts';

/** `all`: two consumers in a chain, and everything that can go wrong. `outages`: a consumer whose neighbour is down, and the controller. */
export type Stories = 'all' | 'outages';

/** The seeds of one process: every `stride`-th from `from` on, up to `to`. */
export interface Share {
  readonly from: number;
  readonly to: number;
  readonly stride: number;
  readonly fault: Fault | undefined;
  /** Which stories the seeds tell. */
  readonly stories: Stories;
}

/** How many seeds have been run since the last report, and what they have shown. */
export interface Report {
  readonly seeds: number;
  readonly failures: readonly Failure[];
}

/** Errors are answers here, by the thousand: their stacks cost more time than everything else about them. */
const STACK_LINES = 0;
const REPORT_EVERY = 200;

// The parent starts this process with exactly this.
const { from, to, stride, fault, stories } = JSON.parse(process.argv[2] ?? '') as Share;
// Ends with the one who waits for its reports, and as soon as all are sent.
process.on('disconnect', () => process.exit());
process.channel?.unref();
if (fault) commit(fault);
// A process for each fault: most of them take longer to load their sources than to be caught.
enableCompileCache();
const simulate = await storyTeller();

if (to - from > 1) Error.stackTraceLimit = STACK_LINES;

let failures: Failure[] = [];
let seeds = 0;
for (let seed = from; seed < to; seed += stride) {
  const failure = await simulate(seed);
  if (failure) failures.push(failure);
  seeds += 1;
  if (seeds === REPORT_EVERY || failure) report();
}
report();

async function storyTeller(): Promise<(seed: number) => Promise<Failure | undefined>> {
  if (stories === 'outages') return (await import('./outage/simulate-outage.ts')).simulateOutage;
  return (await import('./simulate.ts')).simulate;
}

function report(): void {
  process.send?.({ seeds, failures } satisfies Report);
  seeds = 0;
  failures = [];
}

/** Puts a fault into the source files while this process loads them. */
function commit({ also, ...edit }: Fault): void {
  const edits = also ? [edit, also] : [edit];
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      const here = edits.filter(({ file }) => url.endsWith(file));
      if (here.length === 0) return loaded;
      return { ...loaded, source: here.reduce(replaced, String(loaded.source)) };
    },
  });

  function replaced(source: string, { file, find, replace }: Edit): string {
    if (source.split(find).length !== 2)
      throw new Error(`'${find}' is not once in ${file}; repair the fault`);
    return source.replace(find, () => replace);
  }
}
