import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { createPublishHandler } from '../../../lib/publishing/http/create-publish-handler.ts';
import { ReviewPublished } from './consumer.ts';

export const handler = createPublishHandler(createCatalog([ReviewPublished]));
