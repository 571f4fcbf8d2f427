import { createPublishHandler } from '../../../../lambdas/publish/create-handler.ts';
import { createCatalog } from '../../../../lib/contracts/catalog.ts';
import { OrderPlaced, OrderPlacedV1 } from '../events.ts';

export const handler = createPublishHandler(createCatalog([OrderPlaced, OrderPlacedV1]));
