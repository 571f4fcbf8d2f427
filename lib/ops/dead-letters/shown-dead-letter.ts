import { isJsonObject, parseJson } from '../../contracts/json/json.ts';
import { shortenLinks, withShortLink } from '../../contracts/text/short-links.ts';
import type { DeadLetter } from './dead-letter.ts';

/**
 * A dead letter for display, with shortened links: whoever sees a signed link can read the data behind it. When a dead letter is sent back, the
 * message itself is sent.
 */
export function shownDeadLetter(deadLetter: DeadLetter): DeadLetter {
  const { errorMessage, body } = deadLetter;
  return { ...deadLetter, errorMessage: shortenLinks(errorMessage), body: shownBody(body) };
}

/** The body with a short link. The data of an event is not changed, because it may be edited and sent back. */
function shownBody(body: string): string {
  try {
    const event = parseJson(body);
    return isJsonObject(event) && event.dataref !== undefined ? JSON.stringify(withShortLink(event)) : body;
  } catch {
    // The body is no event and cannot be edited, so every link in it is shortened.
    return shortenLinks(body);
  }
}
