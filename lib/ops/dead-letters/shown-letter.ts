import { isJsonObject, parseJson } from '../../contracts/json.ts';
import { shortenLinks, withShortLink } from '../../contracts/short-links.ts';
import type { DeadLetter } from './dead-letter.ts';

/**
 * A letter to be looked at: its links are shortened, for one that is signed lets whoever sees it have the data. What is sent back
 * to the queue is the letter itself.
 */
export function shownLetter(letter: DeadLetter): DeadLetter {
  const { errorMessage, body } = letter;
  return { ...letter, errorMessage: shortenLinks(errorMessage), body: shownBody(body) };
}

/** The data of an event is left as it is: it may be edited and sent back. */
function shownBody(body: string): string {
  try {
    const event = parseJson(body);
    return isJsonObject(event) && event.dataref !== undefined ? JSON.stringify(withShortLink(event)) : body;
  } catch {
    // What is no event cannot be edited.
    return shortenLinks(body);
  }
}
