import { createPublishHandler } from '../../../lambdas/publish/create-handler.ts';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { InvoiceIssued, ListingSold, ListingViewed } from './events.ts';

export const handler = createPublishHandler(createCatalog([ListingViewed, ListingSold, InvoiceIssued]));
