import { createPublishHandler } from '../../../../lambdas/publish/create-handler.ts';
import { createCatalog } from '../../../../lib/contracts/catalog.ts';
import { OrderPlacedV1 } from '../events.ts';

export const handler = createPublishHandler(createCatalog([OrderPlacedV1]));
