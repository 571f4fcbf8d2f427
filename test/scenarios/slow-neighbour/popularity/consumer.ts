import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { ListingSold, ListingViewed } from '../events.ts';

export const popularity = defineConsumer({
  name: 'popularity',
  description: 'Counts what happens to every listing.',
  listensTo: [ListingViewed, ListingSold],
  effects: 'commit',
  tables: { counts: { partitionKey: 'listingId' } },
});
