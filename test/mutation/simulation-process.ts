import { registerHooks } from 'node:module';
import type { Fault } from '../simulation/faults/fault.ts';

/** What this process is asked: to run seeds with a fault in the source. */
export interface Question {
  readonly fault: Fault | undefined;
  /** The first and the last seed. */
  readonly seeds: readonly [first: number, last: number];
  /** Seeds that say nothing, because they fail without a fault. */
  readonly skipped: readonly number[];
}

/** What it says: that it is alive, or what the seeds have shown. */
export type Answer =
  | { readonly kind: 'alive' }
  | {
      readonly kind: 'ended';
      readonly killedBy: string | undefined;
      readonly loaded: boolean;
      readonly seed: number;
    };

const ALIVE_EVERY = 5;
const ROOT = new URL('../../', import.meta.url).href;

let fault: Fault | undefined;
let version = 0;
let loaded = false;

// The project's own modules are loaded anew for every fault, and the packages once.
registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    const own = resolved.url.startsWith(ROOT) && !resolved.url.includes('/node_modules/');
    return own && version > 0 ? { ...resolved, url: `${resolved.url.split('?')[0]}?v=${version}` } : resolved;
  },
  load: (url, context, next) => {
    const module = next(url, context);
    if (!fault || url.split('?')[0] !== `${ROOT}${fault.file}`) return module;
    loaded = true;
    const { find, replace } = fault;
    return { ...module, source: String(module.source).replace(find, () => replace) };
  },
});

// Errors are answers here, by the thousand, and nobody reads their stacks.
Error.stackTraceLimit = 0;
process.on('disconnect', () => process.exit());
// The parent sends nothing else.
process.on('message', (message) => void answer(message as Question));

async function answer(question: Question): Promise<void> {
  fault = question.fault;
  version += 1;
  loaded = false;
  say(await findFailure(question));
}

async function findFailure({ seeds: [first, last], skipped }: Question): Promise<Answer> {
  let seed = 0;
  const ended = (killedBy?: string): Answer => ({ kind: 'ended', killedBy, loaded, seed });
  try {
    // By a name that is not known before: it is another module each time.
    const program = `../simulation/simulate.ts?v=${version}`;
    const { simulate } = (await import(program)) as typeof import('../simulation/simulate.ts');
    if (fault && !loaded) return ended();
    for (seed = first; seed <= last; seed++) {
      const failure = skipped.includes(seed) ? undefined : await simulate(seed);
      if (failure) return ended(`seed ${seed}: ${failure.violations[0]}`);
      if (seed % ALIVE_EVERY === 0) say({ kind: 'alive' });
    }
    return ended();
  } catch (error) {
    // Whatever breaks the simulation itself is noticed by it.
    return ended(`an error: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function say(message: Answer): void {
  process.send?.(message);
}
