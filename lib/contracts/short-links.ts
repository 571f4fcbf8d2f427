/** A scheme's end and all that may belong to the link; a text as JSON has its slashes escaped at times. */
const LINK = /:\\?\/\\?\/[^\s"<>]*/g;
/** A query whose path has lost its scheme and host. */
const QUERY = /\?[\w.~%[\]-]+=[^\s"<>]*/g;
/** What signs a link of AWS, wherever it stands and however it is encoded. */
const SIGNATURE = /(X-Amz-(?:Signature|Credential|Security-Token)(?:=|%3D))[^&\s"<>]*/gi;
/** None of the above without one of these. */
const MAY_HAVE = /[?#@]|%3d|x-amz-/i;

/**
 * A link without its query, fragment and user: who reads a log or a dead letter's reason must not be able to follow a link that is
 * signed. The host and the path stay.
 */
export function shortLink(link: string): string {
  const end = link.search(/[?#]/);
  const path = (end < 0 ? link : link.slice(0, end)).replace(/^([a-z][a-z0-9+.-]*:[\\/]*)[^\\/]*@/i, '$1…@');
  return end < 0 ? path : `${path}?…`;
}

/**
 * A text with every link in it shortened: the one way in which anything that may hold a link is written down.
 */
export function shortenLinks(text: string): string {
  if (!MAY_HAVE.test(text)) return text;
  return text
    .replace(LINK, (link) => quoted(link, shortLink(`x${link}`).slice(1)))
    .replace(QUERY, (query) => quoted(query, '?…'))
    .replace(SIGNATURE, '$1…');
}

/** An apostrophe belongs to the link, unless it is the last thing but for punctuation: then it ends a quotation. */
function quoted(link: string, short: string): string {
  const [end = ''] = /'[;,.:)\]]*$/.exec(link) ?? [];
  return short.endsWith(end) ? short : `${short}${end}`;
}

/** An event to be looked at. Whoever is to get its data needs the event itself. */
export function withShortLink<Event extends { readonly dataref?: unknown }>(event: Event): Event {
  return typeof event.dataref === 'string' ? { ...event, dataref: shortLink(event.dataref) } : event;
}
