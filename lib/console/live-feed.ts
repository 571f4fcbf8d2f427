import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where the live picture comes from. */
export interface LiveSources {
  /** One look at all queues and alarms. */
  readStatus(): Promise<unknown>;
  /** Calls back for every event that passes, until the signal fires. */
  tail(onEvent: (event: unknown) => void, signal: AbortSignal): Promise<void>;
  /** Milliseconds between two looks: each is a handful of requests, which cost on AWS. */
  readonly intervalMs: number;
}

/**
 * What moves, sent to every open page as lines of JSON. Nothing is asked of the deployment while no page is open.
 *
 * A browser's EventSource can send neither a POST nor a header, and so cannot prove that the page has the session.
 */
export class LiveFeed {
  readonly #sources: LiveSources;
  readonly #pages = new Set<ServerResponse>();
  #watching: { readonly abort: AbortController; readonly ended: Promise<unknown> } | undefined;
  #latest: unknown;

  constructor(sources: LiveSources) {
    this.#sources = sources;
  }

  /** Sends to this page until it goes away. */
  attach(page: ServerResponse): void {
    this.#pages.add(page);
    page.on('close', () => {
      this.#pages.delete(page);
      if (this.#pages.size === 0) void this.stop();
    });
    if (this.#latest !== undefined) sendTo(page, 'status', this.#latest);
    this.#watching ??= this.#watch();
  }

  /** Ends watching; resolves when the tail has cleaned up after itself. */
  async stop(): Promise<void> {
    const watching = this.#watching;
    this.#watching = undefined;
    watching?.abort.abort();
    await watching?.ended;
  }

  #watch(): { readonly abort: AbortController; readonly ended: Promise<unknown> } {
    const abort = new AbortController();
    const tail = this.#sources
      .tail((event) => this.#broadcast('event', event), abort.signal)
      .catch((error: unknown) => this.#complain('events cannot be followed', error));
    return { abort, ended: Promise.all([tail, this.#look(abort.signal)]) };
  }

  async #look(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#latest = await this.#sources.readStatus();
        this.#broadcast('status', this.#latest);
      } catch (error) {
        // An engine or a network that is away comes back; the page says so meanwhile.
        this.#complain('the deployment does not answer', error);
      }
      // The abort ends the sleep, and then the loop.
      await sleep(this.#sources.intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #complain(what: string, error: unknown): void {
    this.#broadcast('problem', `${what}: ${error instanceof Error ? error.message : String(error)}`);
  }

  #broadcast(name: string, data: unknown): void {
    for (const page of this.#pages) sendTo(page, name, data);
  }
}

/** JSON has no line breaks of its own, so that an event's data cannot end a line early. */
function sendTo(page: ServerResponse, name: string, data: unknown): void {
  page.write(`${JSON.stringify({ name, data })}\n`);
}
