import type { ArchiveStore } from '../../../archive/read/archive-store.ts';
import type { ReplayRequest } from '../../../archive/replay/replay-state.ts';
import { countReplay, type ReplayPlan } from '../../../ops/replay/preview.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { isoTimes } from '../../terminal/iso-times.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { printJson } from '../../terminal/print-json.ts';
import { createProgress } from '../../terminal/progress.ts';
import { describeCounts, describePlan } from './describe-replay.ts';

interface DryRunOptions {
  readonly plan: ReplayPlan;
  readonly signal: AbortSignal;
  readonly json: boolean;
}

/** Reads all objects of a replay as the function would, counts, and sends nothing. */
export async function runDry(
  store: ArchiveStore,
  request: ReplayRequest,
  { plan, signal, json }: DryRunOptions,
): Promise<void> {
  if (!json) console.error(describePlan(request, plan));
  const progress = createProgress(process.stderr, 'Reading', plan.events);
  const onProgress = ({ read, sent }: { readonly read: number; readonly sent: number }): void =>
    progress.update(read, { note: `${sent} to be sent` });
  const { counts, problems } = await countReplay(store, request, { signal, onProgress });
  if (counts.read > 0) progress.finish();
  if (json)
    printJson('replayDryRun', { ...isoTimes(shown(request), 'from', 'to'), ...plan, ...counts, problems });
  else console.log(`${describeCounts(counts)}${signal.aborted ? '; stopped' : ''}: nothing was sent.`);
  if (!json) for (const problem of problems) console.error(plainText(problem));
  if (counts.unreadable > 0) process.exitCode = EXIT.trouble;
}

function shown(asked: ReplayRequest): object {
  const { queueUrl: _, filterPolicy: __, filterPolicyScope: ___, knowsSince: ____, ...request } = asked;
  return request;
}
