import { MessageRejected, SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { consume, PermanentError, plainHttpGuard, requireEnvironment } from 'fanfare/runtime';
import { email } from './consumers.ts';
import { OrderConfirmationSent } from './events/index.ts';

const ses = new SESv2Client({ cacheMiddleware: true });
ses.middlewareStack.use(plainHttpGuard);
const from = requireEnvironment('MAIL_FROM');

/** Under a claim, for a mail cannot be taken back. What SES refuses is given up at once. */
export const handler = consume(email, {
  'shop.OrderPlaced': async ({ data }, ctx) => {
    const { orderId } = data;
    const mail = new SendEmailCommand({
      FromEmailAddress: from,
      Destination: { ToAddresses: [data.email] },
      Content: {
        Simple: { Subject: { Data: `Your order ${orderId}` }, Body: { Text: { Data: 'Thank you.' } } },
      },
    });
    try {
      const { MessageId } = await ses.send(mail, { abortSignal: ctx.signal });
      ctx.emit(OrderConfirmationSent, { orderId, messageId: MessageId }, { subject: orderId });
    } catch (error) {
      if (!(error instanceof MessageRejected)) throw error;
      throw new PermanentError(`SES refuses the confirmation of order ${orderId}`, { cause: error });
    }
  },
});
