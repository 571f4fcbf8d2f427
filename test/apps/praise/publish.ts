import { createPublishHandler } from '../../../lambdas/publish/create-handler.ts';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { ReviewPublished } from './consumer.ts';

export const handler = createPublishHandler(createCatalog([ReviewPublished]));
