import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

const ACCOUNT_ID = /^\d{12}$/;

/**
 * Checks the id of an account other than that of a stack.
 *
 * @param option the option that names it, for the message
 * @throws TypeError naming the option, the id, and what it may be
 */
export function checkOtherAccount(scope: Construct, option: string, id: string): void {
  if (!ACCOUNT_ID.test(id)) {
    throw new TypeError(`${option} has the account '${id}'; the id of an account has 12 digits`);
  }
  const own = Stack.of(scope).account;
  if (!Token.isUnresolved(own) && own === id) {
    throw new TypeError(
      `${option} has ${id}, which is the account of the bus itself; list other accounts only`,
    );
  }
}
