/// <reference lib="dom" />
import type { DeadLetter } from '../../shapes.ts';
import { element } from '../element.ts';
import { showDialog } from './dialog.ts';

/** Shows a dead letter with its data to edit. @returns the new data as JSON; undefined when it was closed without sending */
export async function openDeadLetter(deadLetter: DeadLetter, readOnly: boolean): Promise<string | undefined> {
  const data = element('textarea', { 'aria-label': 'Data', spellcheck: 'false', readonly: readOnly });
  const { text, editable } = dataOf(deadLetter.body);
  data.value = text;
  const problem = element('p', { class: 'bad', role: 'alert' });
  const answer = await showDialog(
    `${deadLetter.errorName}: ${deadLetter.errorMessage}`,
    [data, problem],
    [
      { label: 'Close', value: '' },
      ...(readOnly || !editable ? [] : [{ label: 'Send with this data', value: 'send', class: 'primary' }]),
    ],
    () => {
      problem.textContent = isJson(data.value) ? '' : 'This is not JSON.';
      return isJson(data.value);
    },
  );
  return answer === 'send' ? data.value : undefined;
}

/** The data of a message. The body of a message that is no event is returned unchanged. */
function dataOf(body: string): { readonly text: string; readonly editable: boolean } {
  if (depthOf(body) > MAX_DEPTH) return { text: body, editable: false };
  try {
    const event: unknown = JSON.parse(body);
    if (typeof event === 'object' && event !== null && 'data' in event)
      return { text: JSON.stringify(event.data, null, 2), editable: true };
  } catch {
    // The body is no JSON. It is shown unchanged.
  }
  return { text: body, editable: false };
}

/** Deeper JSON is not indented, because the indentation would need too much memory. */
const MAX_DEPTH = 64;

/** How deep a JSON text is nested. Brackets in strings count too, so the result can be too high. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // The parser refuses the text, so it is no JSON.
    return false;
  }
}
