import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { Answered, Asked } from './events.ts';

const common = {
  tables: { effects: { partitionKey: 'question' } },
  timeoutSeconds: 2,
  // Nothing here can never succeed, so nothing may die.
  retry: { maxAttempts: 100, firstDelaySeconds: 1, maxDelaySeconds: 1 },
} as const;

/** Claims every question before it answers, and says that it has. */
export const answers = defineConsumer({
  ...common,
  name: 'answers',
  description: 'Answers every question.',
  listensTo: [Asked],
  emits: [Answered],
});

/** Claims every question with its commit. */
export const questions = defineConsumer({
  ...common,
  name: 'questions',
  description: 'Counts the questions.',
  listensTo: [Asked],
  effects: 'commit',
});

/** Hears of answers, from `answers` alone. */
export const archive = defineConsumer({
  ...common,
  name: 'archive',
  description: 'Counts the answers.',
  listensTo: [Answered],
  effects: 'commit',
});
