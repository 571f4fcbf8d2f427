/** A link from the end of its scheme. In JSON texts the slashes may be escaped. */
const LINK = /:\\?\/\\?\/[^\s"<>]*/g;
/** The query of a link without scheme and host. */
const QUERY = /\?[\w.~%[\]-]+=[^\s"<>]*/g;
/** The signature parameters of an AWS link, anywhere in a text, also percent-encoded. */
const SIGNATURE = /(X-Amz-(?:Signature|Credential|Security-Token)(?:=|%3D))[^&\s"<>]*/gi;
/** A text without any of these needs no further search. */
const MAY_HAVE = /[?#@]|%3d|x-amz-/i;

/**
 * A link without its query, fragment and user. Host and path stay. A signature in the query would allow every reader of a log or of a dead
 * letter's reason to use the link.
 */
export function shortLink(link: string): string {
  const end = link.search(/[?#]/);
  const path = (end < 0 ? link : link.slice(0, end)).replace(/^([a-z][a-z0-9+.-]*:[\\/]*)[^\\/]*@/i, '$1…@');
  return end < 0 ? path : `${path}?…`;
}

/**
 * A text with all its links shortened. Every text that may contain a link is logged or stored in this form.
 */
export function shortenLinks(text: string): string {
  if (!MAY_HAVE.test(text)) return text;
  return text
    .replace(LINK, (link) => quoted(link, shortLink(`x${link}`).slice(1)))
    .replace(QUERY, (query) => quoted(query, '?…'))
    .replace(SIGNATURE, '$1…');
}

/** Restores a closing apostrophe with punctuation after it: it ends a quotation and does not belong to the link. */
function quoted(link: string, short: string): string {
  const [end = ''] = /'[;,.:)\]]*$/.exec(link) ?? [];
  return short.endsWith(end) ? short : `${short}${end}`;
}

/** The event with a shortened `dataref`, for display. It cannot be used to fetch the data. */
export function withShortLink<Event extends { readonly dataref?: unknown }>(event: Event): Event {
  return typeof event.dataref === 'string' ? { ...event, dataref: shortLink(event.dataref) } : event;
}
