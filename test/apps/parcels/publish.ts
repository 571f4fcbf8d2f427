import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { createPublishHandler } from '../../../lib/publishing/http/create-publish-handler.ts';
import * as events from './events/index.ts';

export const handler = createPublishHandler(createCatalog(Object.values(events)));
