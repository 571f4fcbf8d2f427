import { systemClock } from '../aws/clock.ts';
import { createLogger } from '../aws/log/create-logger.ts';
import { requireEnvironment } from '../aws/require-environment.ts';
import { ENVIRONMENT } from '../contracts/environment.ts';
import { createCallAws } from './call-aws.ts';
import { createReceiptHandler } from './create-receipt-handler.ts';

/** The credentials that Lambda puts into the environment. They stay the same as long as the process lives. */
const credentials = {
  accessKeyId: requireEnvironment('AWS_ACCESS_KEY_ID'),
  secretAccessKey: requireEnvironment('AWS_SECRET_ACCESS_KEY'),
  sessionToken: process.env.AWS_SESSION_TOKEN,
};

/** The function of `GET /events/{id}` of a bus. */
export const handler = createReceiptHandler({
  call: createCallAws({
    region: requireEnvironment('AWS_REGION'),
    credentials: async () => credentials,
    environment: process.env,
    clock: systemClock,
    random: Math.random,
  }),
  clock: systemClock,
  consumersPath: requireEnvironment(ENVIRONMENT.consumersPath),
  withReasons: process.env[ENVIRONMENT.receiptReasons] !== 'off',
  log: createLogger(),
});
