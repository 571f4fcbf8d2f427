import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineApp } from './engines/fauxqs.ts';

/** A mail that would have been sent. */
export interface KeptMail {
  readonly messageId: string;
  readonly time: string;
  readonly from: string;
  /** Everyone who gets it, copies included. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface SendEmailBody {
  readonly FromEmailAddress?: string;
  readonly Destination?: {
    readonly ToAddresses?: readonly string[];
    readonly CcAddresses?: readonly string[];
    readonly BccAddresses?: readonly string[];
  };
  readonly Content?: {
    readonly Simple?: {
      readonly Subject?: { readonly Data?: string };
      readonly Body?: {
        readonly Text?: { readonly Data?: string };
        readonly Html?: { readonly Data?: string };
      };
    };
  };
}

/** Addresses of this domain are refused, as SES refuses a mail that it will never send: to try failures with. */
const REFUSED_DOMAIN = '@undeliverable.example';
const MAX_KEPT = 10_000;

/** SES v2's SendEmail on this machine: the mail is kept, and can be read at `GET /_fanfare/mail`. */
export class MailBox {
  readonly #mails: KeptMail[] = [];
  readonly #file: string | undefined;

  /** @param dataDirectory keeps the mail over restarts; in memory when undefined */
  constructor(dataDirectory: string | undefined) {
    if (dataDirectory === undefined) return;
    mkdirSync(dataDirectory, { recursive: true });
    this.#file = join(dataDirectory, 'mail.jsonl');
    if (!existsSync(this.#file)) return;
    // Written by this class, one JSON object a line.
    const lines = readFileSync(this.#file, 'utf8').split('\n').filter(Boolean).slice(-MAX_KEPT);
    this.#mails.push(...lines.map((line) => JSON.parse(line) as KeptMail));
  }

  /** Newest first. */
  get mails(): readonly KeptMail[] {
    return this.#mails.toReversed();
  }

  /** Adds SES's route and the mail box to the endpoint. */
  serve(app: EngineApp, onMail: (mail: KeptMail) => void): void {
    app.get('/_fanfare/mail', () => this.mails);
    app.post('/v2/email/outbound-emails', (request, reply) => {
      const body = parseBody(request.body);
      const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = body.Destination ?? {};
      const to = [...ToAddresses, ...CcAddresses, ...BccAddresses];
      if (to.some((address) => address.endsWith(REFUSED_DOMAIN))) {
        reply.status(400).header('x-amzn-errortype', 'MessageRejected');
        return { message: `the address ${to.join(', ')} is refused` };
      }
      const mail = this.#keep(body, to);
      onMail(mail);
      return { MessageId: mail.messageId };
    });
  }

  #keep({ FromEmailAddress = '', Content }: SendEmailBody, to: readonly string[]): KeptMail {
    const mail: KeptMail = {
      messageId: randomUUID(),
      time: new Date().toISOString(),
      from: FromEmailAddress,
      to,
      subject: Content?.Simple?.Subject?.Data ?? '',
      text: Content?.Simple?.Body?.Text?.Data ?? '',
      html: Content?.Simple?.Body?.Html?.Data ?? '',
    };
    this.#mails.push(mail);
    if (this.#mails.length > MAX_KEPT) this.#mails.shift();
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(mail)}\n`);
    return mail;
  }
}

function parseBody(body: unknown): SendEmailBody {
  // The engine hands bodies that are not SNS's or SQS's over as bytes; the SDK has written them as JSON.
  return Buffer.isBuffer(body) ? (JSON.parse(body.toString('utf8')) as SendEmailBody) : {};
}
