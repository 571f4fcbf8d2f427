/// <reference lib="dom" />
import { element } from '../element.ts';

/** A button of a dialog. */
export interface Choice {
  readonly label: string;
  /** Empty: it closes the dialog. */
  readonly value: string;
  readonly class?: string;
}

/** Asks before something is done that cannot be undone. @param act label of the button that does it */
export async function askToConfirm(question: string, act: string): Promise<boolean> {
  const answer = await showDialog(
    'Please confirm',
    [element('p', {}, question)],
    [
      { label: 'Back', value: '' },
      { label: act, value: 'yes', class: 'danger' },
    ],
  );
  return answer === 'yes';
}

/** Shows a dialog until a choice is made. @param allows whether a choice other than closing is allowed now @returns its value */
export async function showDialog(
  heading: string,
  content: readonly Node[],
  choices: readonly Choice[],
  allows: () => boolean = () => true,
): Promise<string> {
  const choose = (value: string): void => {
    if (value === '' || allows()) dialog.close(value);
  };
  const buttons = choices.map(({ label, value, class: style }) =>
    element('button', { type: 'button', class: style, onclick: () => choose(value) }, label),
  );
  const dialog = openDialog(heading, [...content, element('div', { class: 'row' }, ...buttons)]);
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
  return dialog.returnValue;
}

/** Opens a dialog. It is removed when it is closed, which Escape does too; the focus goes back to where it was. */
export function openDialog(heading: string, content: readonly Node[]): HTMLDialogElement {
  const dialog = element('dialog', { 'aria-label': heading }, element('h2', {}, heading), ...content);
  dialog.addEventListener('close', () => dialog.remove(), { once: true });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
