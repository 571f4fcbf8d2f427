import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { oneOf } from '../../../lib/contracts/where.ts';
import { NoteDropped, NoteTaken } from './events.ts';

const common = { effects: 'commit', tables: { notes: { partitionKey: 'id' } } } as const;

/** Takes some of the notes. */
export const keeper = defineConsumer({
  ...common,
  name: 'keeper',
  description: 'Keeps red notes.',
  listensTo: [NoteTaken, NoteDropped],
  where: { 'notes.NoteTaken': { colour: oneOf('red') } },
});

/** Takes all of them; no replay of a test is for it. */
export const neighbour = defineConsumer({
  ...common,
  name: 'neighbour',
  description: 'Keeps all notes.',
  listensTo: [NoteTaken, NoteDropped],
});
