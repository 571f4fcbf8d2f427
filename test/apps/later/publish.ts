import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { createPublishHandler } from '../../../lib/publishing/http/create-publish-handler.ts';
import { OrderPlaced, PaymentReceived, PaymentTimedOut } from './events.ts';

export const handler = createPublishHandler(createCatalog([OrderPlaced, PaymentReceived, PaymentTimedOut]));
