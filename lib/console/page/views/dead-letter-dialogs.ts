/// <reference lib="dom" />
import { isJsonObject, JsonError, parseJson } from '../../../contracts/json/json.ts';
import type { DeadLetter } from '../../shapes.ts';
import { element } from '../element.ts';
import { showDialog } from './dialog.ts';

/** Shows a dead letter with its data to edit. @returns the new data as JSON; undefined when it was closed without sending */
export async function openDeadLetter(deadLetter: DeadLetter, readOnly: boolean): Promise<string | undefined> {
  const data = element('textarea', { 'aria-label': 'Data', spellcheck: 'false', readonly: readOnly });
  const editable = dataOf(deadLetter.body);
  data.value = editable ?? deadLetter.body;
  const problem = element('p', { class: 'bad', role: 'alert' });
  const answer = await showDialog(
    `${deadLetter.errorName}: ${deadLetter.errorMessage}`,
    [data, problem],
    [
      { label: 'Close', value: '' },
      ...(readOnly || editable === undefined
        ? []
        : [{ label: 'Send with this data', value: 'send', class: 'primary' }]),
    ],
    () => {
      problem.textContent = isJson(data.value) ? '' : 'This is not JSON.';
      return isJson(data.value);
    },
  );
  return answer === 'send' ? data.value : undefined;
}

/** The data of an event as JSON to edit; undefined when the message is no event, or JavaScript would change a value of it. */
function dataOf(body: string): string | undefined {
  try {
    const event = parseJson(body);
    return isJsonObject(event) && 'data' in event ? JSON.stringify(event.data, null, 2) : undefined;
  } catch (error) {
    // The body is shown as it is.
    if (error instanceof JsonError) return undefined;
    throw error;
  }
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
