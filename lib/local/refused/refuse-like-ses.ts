import { MAX_MAIL_RECIPIENTS } from '../aws-limits.ts';
import type { Refusal } from './refusal.ts';

/** A mail as SendEmail gets it. */
export interface SendEmailBody {
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
    readonly Raw?: object;
    readonly Template?: object;
  };
}

/** Mail to addresses of this domain is refused, so that a failure can be tested. */
const REFUSED_DOMAIN = '@undeliverable.example';
/** The end of an address, also of `Ada <ada@example.com>`. */
const DOMAIN = /@[^@\s<>]+>?$/;

/** All recipients of a mail, with those of copies. */
export function recipientsOf({ Destination = {} }: SendEmailBody): readonly string[] {
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = Destination;
  return [...ToAddresses, ...CcAddresses, ...BccAddresses];
}

/**
 * Why SES would refuse a mail; undefined when it would take it.
 *
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export function refusalOfMail(body: SendEmailBody): Refusal | undefined {
  const { FromEmailAddress: from = '', Content = {} } = body;
  const to = recipientsOf(body);
  const { Simple, Raw, Template } = Content;
  if ([Simple, Raw, Template].filter((one) => one !== undefined).length !== 1)
    return bad('Content has exactly one of Simple, Raw and Template');
  if (Template) return { code: 'NotFoundException', message: 'there are no templates on this machine' };
  if (Simple && Simple.Subject?.Data === undefined) return bad('Subject is missing');
  if (Simple && !Simple.Body?.Text && !Simple.Body?.Html) return bad('Body has neither Text nor Html');
  // A raw mail may have its addresses in its own text.
  const least = Raw ? 0 : 1;
  if (to.length < least || to.length > MAX_MAIL_RECIPIENTS)
    return bad(`a mail has ${least} to ${MAX_MAIL_RECIPIENTS} recipients, and this one has ${to.length}`);
  const wrong = [...(Raw && from === '' ? [] : [from]), ...to].find((address) => !DOMAIN.test(address));
  if (wrong !== undefined) return bad(`'${wrong}' has no domain`);
  if (!to.some((address) => address.replace(/>$/, '').endsWith(REFUSED_DOMAIN))) return undefined;
  const message = `mail to ${to.join(', ')} is refused, because it has an address at ${REFUSED_DOMAIN}`;
  return { code: 'MessageRejected', message };
}

function bad(message: string): Refusal {
  return { code: 'BadRequestException', message };
}
