import { createPublishHandler } from '../../../lambdas/publish/create-handler.ts';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { Answered, Asked } from './events.ts';

export const handler = createPublishHandler(createCatalog([Asked, Answered]));
