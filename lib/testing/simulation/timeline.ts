import type { Call, Disturbance, Outcome } from '../process/call.ts';
import type { Scheduler } from '../process/scheduler.ts';

/** What happens in a run, line by line, with the time since its beginning. */
export class Timeline {
  readonly lines: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #startAt: number;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    this.#startAt = scheduler.now;
  }

  add(text: string): void {
    const seconds = ((this.#scheduler.now - this.#startAt) / 1000).toFixed(3);
    this.lines.push(`${seconds.padStart(9)} s  ${text}`);
  }

  /** Notes a call of an invocation. Those of the runtime that go well are not told. */
  addCall(invocation: string, call: Call, disturbance: Disturbance, outcome: Outcome): void {
    const fault = describeFault(disturbance);
    if (!call.byHandler && fault === undefined) return;
    const who = call.byHandler ? 'the handler calls' : 'the runtime calls';
    const failure = outcome && 'error' in outcome ? `, which fails: ${nameOf(outcome.error)}` : '';
    this.add(`${invocation}: ${who} ${call.service}.${call.operation}${failure}${fault ? `; ${fault}` : ''}`);
  }
}

function describeFault({
  crash,
  refusal,
  lostAnswer,
  repeated,
  delayMs,
  freezeMs,
}: Disturbance): string | undefined {
  if (crash === 'before') return 'THE PROCESS DIES before it is sent';
  if (crash === 'after') return 'it is executed, and THE PROCESS DIES before the answer';
  if (refusal) return `IT IS NOT EXECUTED: ${refusal.message}`;
  if (lostAnswer) return 'it is executed, and THE ANSWER IS LOST';
  if (repeated) return 'THE SDK SENDS IT AGAIN: it is executed twice';
  if (delayMs) return `THE ANSWER TAKES ${delayMs / 1000} s`;
  if (freezeMs) return `before it is sent THE PROCESS STANDS STILL for ${freezeMs / 1000} s`;
  return undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}
