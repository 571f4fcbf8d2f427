import { createCatalog } from 'fanfare/contracts';
import { createPublishHandler } from 'fanfare/publish';
import * as events from './events.ts';

export const handler = createPublishHandler(createCatalog(Object.values(events)));
