import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineApp } from './engines/fauxqs.ts';
import { recipientsOf, refusalOfMail, type SendEmailBody } from './refused/refuse-like-ses.ts';
import { readRequest } from './requests/read-request.ts';
import { readKeptLines } from './state/kept-lines.ts';
import { makePrivateFile, makePrivateFolder } from './state/private-files.ts';

/** A mail that SES would have sent. */
export interface KeptMail {
  readonly messageId: string;
  readonly time: string;
  readonly from: string;
  /** All recipients, with those of copies. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const CONTENT = { members: { Data: 'text' } } as const;
const ADDRESSES = { listOf: 'text' } as const;
const SEND_EMAIL = {
  FromEmailAddress: 'text',
  Destination: { members: { ToAddresses: ADDRESSES, CcAddresses: ADDRESSES, BccAddresses: ADDRESSES } },
  Content: {
    members: {
      Simple: { members: { Subject: CONTENT, Body: { members: { Text: CONTENT, Html: CONTENT } } } },
    },
  },
} as const;

const MAX_KEPT = 10_000;

/** Serves SES v2's SendEmail. The mail is not sent but kept, and can be read at `GET /_fanfare/mail`. */
export class MailBox {
  readonly #mails: KeptMail[] = [];
  readonly #file: string | undefined;

  /**
   * @param dataDirectory folder that keeps mail over restarts; when undefined, mail is kept in memory
   * @param log gets a line when kept mail cannot be read
   */
  constructor(dataDirectory: string | undefined, log: (line: string) => void) {
    if (dataDirectory === undefined) return;
    makePrivateFolder(dataDirectory);
    this.#file = join(dataDirectory, 'mail.jsonl');
    makePrivateFile(this.#file);
    const { values, unreadable } = readKeptLines(this.#file, isMail);
    this.#mails.push(...values.slice(-MAX_KEPT));
    if (unreadable.length > 0)
      log(
        `${this.#file}: ignored line ${unreadable.join(', ')}: not a mail, or only half written when the runner died`,
      );
  }

  /** All kept mail, newest first. */
  get mails(): readonly KeptMail[] {
    return this.#mails.toReversed();
  }

  /** Adds the routes of SES and of the mail box. Call it before the engine listens. */
  serve(app: EngineApp, onMail: (mail: KeptMail) => void): void {
    app.get('/_fanfare/mail', () => this.mails);
    app.post('/v2/email/outbound-emails', (request, reply) => {
      const body = readRequest<SendEmailBody>(request.body, SEND_EMAIL);
      const refusal = refusalOfMail(body);
      if (refusal) {
        reply.status(400).header('x-amzn-errortype', refusal.code);
        return { message: refusal.message };
      }
      const mail = this.#keep(body);
      onMail(mail);
      return { MessageId: mail.messageId };
    });
  }

  #keep(body: SendEmailBody): KeptMail {
    const { FromEmailAddress = '', Content } = body;
    const mail: KeptMail = {
      messageId: randomUUID(),
      time: new Date().toISOString(),
      from: FromEmailAddress,
      to: recipientsOf(body),
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

function isMail(value: unknown): value is KeptMail {
  if (typeof value !== 'object' || value === null) return false;
  const mail: Readonly<Partial<Record<keyof KeptMail, unknown>>> = value;
  const texts = [mail.messageId, mail.time, mail.from, mail.subject, mail.text, mail.html];
  return texts.every((text) => typeof text === 'string') && Array.isArray(mail.to);
}
