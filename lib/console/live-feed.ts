import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../ops/problem.ts';
import type { LiveEvent, LiveMessage, Status } from './shapes.ts';

/** Sources of the live data. */
export interface LiveSources {
  /** Reads all queues and alarms once. */
  readStatus(): Promise<Status>;
  /** Calls back for every published event, until the signal fires. */
  tail(options: TailListeners): Promise<void>;
  /** Milliseconds between two reads of the status. Each needs several requests, which cost money on AWS. */
  readonly intervalMs: number;
}

export interface TailListeners {
  readonly onEvent: (event: LiveEvent) => void;
  /** Called when the tail is subscribed: every event from now on is received. */
  readonly onListening: () => void;
  readonly signal: AbortSignal;
}

/** Pause before the next try to receive events. */
const RETRY_MS = 2_000;

/**
 * Sends live data to every open page, as lines of JSON. While no page is open, the deployment is not read and the latest data is deleted, so that
 * a page that is opened later does not show old data.
 *
 * It is no EventSource, because a browser's EventSource can send neither a POST nor a header, and so not the key of the session.
 */
export class LiveFeed {
  readonly #sources: LiveSources;
  readonly #pages = new Set<ServerResponse>();
  #watching: { readonly abort: AbortController; readonly ended: Promise<unknown> } | undefined;
  /** The latest message of each name, for pages that are opened later. */
  readonly #latest = new Map<LiveMessage['name'], LiveMessage>();

  constructor(sources: LiveSources) {
    this.#sources = sources;
  }

  /** Sends messages to this page until it closes. */
  attach(page: ServerResponse): void {
    this.#pages.add(page);
    page.on('close', () => {
      this.#pages.delete(page);
      if (this.#pages.size === 0) void this.stop();
    });
    for (const message of this.#latest.values()) sendTo(page, message);
    this.#watching ??= this.#watch();
  }

  /** Stops reading; resolves when the tail has deleted its queue. */
  async stop(): Promise<void> {
    const watching = this.#watching;
    this.#watching = undefined;
    this.#latest.clear();
    watching?.abort.abort();
    await watching?.ended;
  }

  #watch(): { readonly abort: AbortController; readonly ended: Promise<unknown> } {
    const abort = new AbortController();
    return { abort, ended: Promise.all([this.#follow(abort.signal), this.#look(abort.signal)]) };
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#sources.tail({
          signal,
          onEvent: (data) => this.#broadcast({ name: 'event', data }, signal),
          onListening: () => this.#broadcast({ name: 'following', data: { problem: undefined } }, signal),
        });
      } catch (error) {
        // It is tried again. Meanwhile the page says that events are not shown.
        const problem = `new events cannot be shown: ${messageOf(error)}`;
        this.#broadcast({ name: 'following', data: { problem } }, signal);
      }
      await pause(RETRY_MS, signal);
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#broadcast({ name: 'status', data: await this.#sources.readStatus() }, signal);
        this.#broadcast({ name: 'looking', data: { problem: undefined } }, signal);
      } catch (error) {
        // It is tried again. Meanwhile the page shows how old its numbers are.
        const problem = `the deployment does not answer: ${messageOf(error)}`;
        this.#broadcast({ name: 'looking', data: { problem } }, signal);
      }
      await pause(this.#sources.intervalMs, signal);
    }
  }

  #broadcast(message: LiveMessage, { aborted }: AbortSignal): void {
    // A read that was running when the last page closed is ignored.
    if (aborted) return;
    if (message.name !== 'event') this.#latest.set(message.name, message);
    for (const page of this.#pages) sendTo(page, message);
  }
}

/** Waits; the signal ends the pause. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** Sends a message as one line. JSON contains no line breaks, so the data of an event cannot end the line. */
function sendTo(page: ServerResponse, message: LiveMessage): void {
  page.write(`${JSON.stringify(message)}\n`);
}
