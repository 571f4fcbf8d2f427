import { MessageRejected, SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { consume, PermanentError, plainHttpGuard, requireEnvironment } from 'fanfare/runtime';
import { OrderConfirmationSent } from '../../events/shop.ts';
import { confirmation } from './confirmation.ts';
import { email } from './consumer.ts';

const ses = new SESv2Client({ cacheMiddleware: true });
ses.middlewareStack.use(plainHttpGuard);
const from = requireEnvironment('MAIL_FROM');

/**
 * Sends a confirmation of every order. A mail cannot be taken back, so this runs under a claim: a second one is
 * sent only if the process dies between the sending and the settling.
 */
export const handler = consume(email, {
  'shop.OrderPlaced': async (event, ctx) => {
    const { orderId } = event.data;
    try {
      const sent = await ses.send(new SendEmailCommand(confirmation(from, event.data)), {
        abortSignal: ctx.signal,
      });
      ctx.emit(OrderConfirmationSent, { orderId, messageId: sent.MessageId }, { subject: orderId });
    } catch (error) {
      // SES will refuse the same mail again tomorrow: trying once more would only hide it.
      if (error instanceof MessageRejected) {
        throw new PermanentError(`SES refuses the confirmation of order ${orderId}`, { cause: error });
      }
      throw error;
    }
  },
});
