import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { defineConsumer } from 'fanfare/contracts';
import type { Handlers } from 'fanfare/runtime';
import { ReviewPublished } from './events.ts';

export const thanks = defineConsumer({
  name: 'thanks',
  description: 'Thanks authors by mail.',
  listensTo: [ReviewPublished],
  retry: { maxAttempts: 1 },
});

const ses = new SESv2Client();

export const thanksHandlers: Handlers<typeof thanks> = {
  'movies.ReviewPublished': async ({ data: { author, reviewId } }) => {
    if (author === 'nobody') throw new Error(`review ${reviewId} has no author`);
    await ses.send(
      new SendEmailCommand({
        FromEmailAddress: 'movies@example.com',
        Destination: { ToAddresses: [`${author}@example.com`] },
        Content: {
          Simple: { Subject: { Data: 'Thank you' }, Body: { Text: { Data: `For review ${reviewId}.` } } },
        },
      }),
    );
  },
};
