import * as events from '../../events/index.ts';
import { createCatalog } from '../../lib/contracts/catalog.ts';
import { createPublishHandler } from './create-handler.ts';

/** `POST /events`: publishes any event that `events/` exports. */
export const handler = createPublishHandler(createCatalog(Object.values(events)));
