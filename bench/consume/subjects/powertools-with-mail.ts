import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { createPowertoolsHandler } from './create-powertools-handler.ts';
import { work } from './work.ts';

const ses = new SESv2Client({});

/** The peer of a consumer that sends mail: it has the SES client as well. */
export const handler = createPowertoolsHandler(async ({ data }) => {
  work(data);
  await ses.send(new SendEmailCommand({ Content: {} }));
});
