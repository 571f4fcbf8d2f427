import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { createPublishHandler } from '../../../lib/publishing/http/create-publish-handler.ts';
import { InvoiceIssued, ListingSold, ListingViewed } from './events.ts';

export const handler = createPublishHandler(createCatalog([ListingViewed, ListingSold, InvoiceIssued]));
