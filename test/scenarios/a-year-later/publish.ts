import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { createPublishHandler } from '../../../lib/publishing/http/create-publish-handler.ts';
import { OrderPlaced } from './contracts/index.ts';

export const handler = createPublishHandler(createCatalog([OrderPlaced]));
