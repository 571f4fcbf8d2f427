import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { createPublishHandler } from '../../../lib/publishing/http/create-publish-handler.ts';
import { SalaryDue } from './events.ts';

export const handler = createPublishHandler(createCatalog([SalaryDue]));
