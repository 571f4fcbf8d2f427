import { parseJson } from '../../contracts/json.ts';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import type { DeadLetter } from './dead-letter.ts';
import { holdLetters } from './hold-letters.ts';
import { sendBack } from './redrive.ts';

/**
 * Sends one dead letter back to its consumer's queue with another body.
 *
 * @param mend makes the new body out of the letter; what it throws leaves the letter where it is
 * @returns the letter as it was
 * @throws RangeError when there is no such letter
 */
export async function editLetter(
  clients: OpsClients,
  consumer: DeployedConsumer,
  {
    messageId,
    mend,
  }: { readonly messageId: string; readonly mend: (letter: DeadLetter) => string | Promise<string> },
): Promise<DeadLetter> {
  for await (const letters of holdLetters(clients, consumer)) {
    const found = letters.find(({ letter }) => letter.messageId === messageId);
    if (!found) continue;
    await sendBack(clients, consumer, { ...found.message, Body: await mend(found.letter) });
    return found.letter;
  }
  throw new RangeError(`the dead-letter queue of ${consumer.name} has no message ${messageId}`);
}

/**
 * The event of a letter with other data.
 *
 * @throws TypeError when the letter is no event
 */
export function withData({ body, messageId }: DeadLetter, data: unknown): string {
  let event: unknown;
  try {
    event = parseJson(body);
  } catch (cause) {
    throw new TypeError(`message ${messageId} is no event: it cannot be mended, only redriven or purged`, {
      cause,
    });
  }
  return JSON.stringify({ ...Object(event), data });
}
