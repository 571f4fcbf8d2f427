import { createCatalog } from 'fanfare/contracts';
import { createPublishHandler } from 'fanfare/publish';
import * as events from './events/index.ts';

export const handler = createPublishHandler(createCatalog(Object.values(events)));
