import { createServer, type Server } from 'node:http';

/** A call as the service has seen it. */
export interface Call {
  /** Epoch milliseconds at which the caller began it, as it says. */
  readonly begunAt: number;
  /** Epoch milliseconds at which it arrived. */
  readonly arrivedAt: number;
}

/** The neighbour: issues an invoice for every idempotency key, and can be stopped and started again. */
export class InvoiceService {
  /** Every call that reached it, in order. */
  readonly calls: Call[] = [];
  /** Invoice numbers by idempotency key: they outlive a restart, as they would in a database. */
  readonly issued = new Map<string, string>();
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const key = String(request.headers['idempotency-key']);
      this.calls.push({ begunAt: Number(request.headers['x-begun-at']), arrivedAt: Date.now() });
      const number = this.issued.get(key) ?? `invoice-${this.issued.size + 1}`;
      this.issued.set(key, number);
      request.resume().once('end', () => response.end(number));
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}
