/// <reference lib="dom" />
import type { ChangedIntake, ConsumerStatus, ShownIntake } from '../../shapes.ts';
import { element } from '../element.ts';
import { change } from '../server.ts';
import { meta } from '../session.ts';
import { askToConfirm, showDialog } from './dialog.ts';

/** The part of a consumer's card that says why it is stopped, and stops and resumes it. */
export interface IntakeControl {
  readonly box: HTMLElement;
  show(consumer: ConsumerStatus): void;
}

/** Minutes of a pause that can be chosen; empty: it has no end. */
const DURATIONS = [
  ['', 'until somebody resumes it'],
  ['15', 'for 15 minutes'],
  ['60', 'for an hour'],
  ['120', 'for 2 hours'],
  ['480', 'for 8 hours'],
  ['1440', 'for a day'],
] as const;

const CHANGING = 'Lambda changes its event source mapping, which takes up to a minute ...';

/** Its elements stay, so that the keyboard focus does. Nothing can be changed in a read-only console, and where the bus cannot stop a consumer. */
export function intakeControl(label: string): IntakeControl {
  let shown: ShownIntake | null = null;
  let isChanging = false;
  const text = element('span', { role: 'status' });
  const pause = element('button', {
    ...{ type: 'button', hidden: true, 'aria-label': `Pause ${label}`, onclick: () => void askToPause() },
  });
  const resume = element('button', {
    ...{ type: 'button', hidden: true, 'aria-label': `Resume ${label}`, onclick: () => void askToResume() },
  });
  pause.textContent = 'Pause ...';
  resume.textContent = 'Resume ...';
  const buttons = meta('read-only') === 'true' ? [] : [pause, resume];
  return {
    box: element('div', { class: 'intake' }, text, ...buttons),
    show: ({ intake, trouble }) => {
      if (isChanging) return;
      const stopped = trouble.find(({ kind }) => kind === 'paused' || kind === 'breaker');
      display(intake, stopped?.detail ?? '');
    },
  };

  function display(intake: ShownIntake | null, detail: string): void {
    // A refusal stays until the state is another one.
    if (detail === '' && shown?.state === intake?.state && text.className === 'bad') return;
    shown = intake;
    say(detail, 'warn');
    pause.hidden = intake === null || intake.state === 'paused';
    resume.hidden = intake === null || intake.state === 'flowing';
  }

  async function askToPause(): Promise<void> {
    const asked = await openPauseDialog(label, shown);
    if (asked) await run('pause', asked);
  }

  async function askToResume(): Promise<void> {
    const question =
      shown?.state === 'tripped'
        ? `Close the breaker of ${label} by hand? What it calls did not answer at the last probe.`
        : `Let ${label} take events again? ${text.textContent}`;
    if (await askToConfirm(question, 'Resume it')) await run('resume', {});
  }

  async function run(what: 'pause' | 'resume', body: object): Promise<void> {
    isChanging = true;
    for (const button of buttons) button.disabled = true;
    say(CHANGING, 'faint');
    try {
      const { intake, detail } = await change<ChangedIntake>(
        `/api/intake/${encodeURIComponent(label)}/${what}`,
        body,
      );
      display(intake, intake.state === 'flowing' ? '' : detail);
    } catch (error) {
      // The next status shows in which state it is.
      say(error instanceof Error ? error.message : String(error), 'bad');
    } finally {
      isChanging = false;
      for (const button of buttons) button.disabled = false;
    }
  }

  function say(what: string, style: string): void {
    // Set only when it has changed, because a screen reader reads it aloud.
    if (text.textContent !== what) text.textContent = what;
    text.className = style;
  }
}

/** Asks why and for how long. @returns undefined when nothing is to be done */
async function openPauseDialog(label: string, shown: ShownIntake | null): Promise<object | undefined> {
  const reason = element('input', { id: 'pause-reason', maxlength: '300', size: '40', autocomplete: 'off' });
  const duration = element(
    'select',
    { id: 'pause-for' },
    ...DURATIONS.map(([value, text]) => element('option', { value }, text)),
  );
  const breaker =
    shown?.state === 'tripped' && element('p', {}, 'Its breaker is open. While it is paused, nobody probes.');
  const answer = await showDialog(
    `Pause ${label}?`,
    [
      element('p', {}, 'Its events wait in its queue until then. What it has received it still handles.'),
      ...(breaker ? [breaker] : []),
      element('label', { for: 'pause-reason' }, 'Why, for everybody who asks'),
      reason,
      element('label', { for: 'pause-for' }, 'How long'),
      duration,
    ],
    [
      { label: 'Back', value: '' },
      { label: 'Pause it', value: 'pause', class: 'danger' },
    ],
  );
  if (answer !== 'pause') return undefined;
  return {
    ...(reason.value.trim() !== '' && { reason: reason.value.trim() }),
    ...(duration.value !== '' && { forMinutes: Number(duration.value) }),
  };
}
