import { createCatalog } from 'fanfare/contracts';
import { createPublishHandler } from 'fanfare/publish';
import * as events from '../../events/index.ts';

/** `POST /events`: publishes any event that `events/` exports. */
export const handler = createPublishHandler(createCatalog(Object.values(events)));
