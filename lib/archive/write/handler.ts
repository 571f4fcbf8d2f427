import { createArchiveHandler } from './create-archive-handler.ts';

/** The function behind the queue of the archive. */
export const handler = createArchiveHandler();
