/// <reference lib="dom" />
import type { Status } from '../shapes.ts';
import { element } from './element.ts';
import { formatTime } from './format.ts';

/** The shown data is old when this many reads are missing. One may only be slow. */
const MISSED_READS = 3;
/** The shown data is never old before this time, also with a short interval. */
const MIN_OLD_AFTER_MS = 5_000;

/** Whether the shown data is current, and why it is not. */
export class Freshness {
  /** For the header: the time of the shown data, and whether it is current. */
  readonly stamp = element('span', { class: 'stamp' }, 'Reading ...');
  /** Says why the shown data is old. */
  readonly notice = element('p', { class: 'notice bad', role: 'alert', hidden: true });
  readonly #oldAfterMs: number;
  #at: string | undefined;
  #receivedAt = Number.NEGATIVE_INFINITY;
  #statusProblem: string | undefined;
  #isFollowing = false;
  #eventsProblem: string | undefined;

  /** @param intervalMs interval between two reads by the server */
  constructor(intervalMs: number) {
    this.#oldAfterMs = Math.max(MIN_OLD_AFTER_MS, MISSED_READS * intervalMs);
  }

  get isOld(): boolean {
    return this.#statusProblem !== undefined || performance.now() - this.#receivedAt > this.#oldAfterMs;
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  took({ at }: Status): void {
    this.#at = at;
    this.#receivedAt = performance.now();
    this.#statusProblem = undefined;
  }

  setLooking(problem: string | undefined): void {
    this.#statusProblem = problem;
  }

  setFollowing(problem: string | undefined): void {
    this.#isFollowing = problem === undefined;
    this.#eventsProblem = problem;
  }

  /** Updates the stamp and the notice. */
  show(): void {
    const { isOld } = this;
    const at = this.#at === undefined ? '' : formatTime(this.#at);
    const old = at === '' ? 'Not read yet' : `As of ${at}`;
    const stamp = isOld ? `${old}, reconnecting ...` : `Live, ${at}`;
    if (this.stamp.textContent !== stamp) this.stamp.textContent = stamp;
    this.stamp.classList.toggle('bad', isOld);
    const reason = this.#reason(isOld);
    this.notice.hidden = reason === undefined;
    // Set only when it has changed, because a screen reader reads it aloud.
    if (reason !== undefined && this.notice.textContent !== reason) this.notice.textContent = reason;
  }

  #reason(isOld: boolean): string | undefined {
    if (this.#statusProblem !== undefined) return this.#statusProblem;
    // The first read has not ended.
    if (this.#at === undefined) return undefined;
    if (isOld) return 'The deployment has not answered for a while.';
    return this.#eventsProblem;
  }
}
