import { createPublishHandler } from '../../../lambdas/publish/create-handler.ts';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import * as events from './events.ts';

export const handler = createPublishHandler(createCatalog(Object.values(events)));
