import { createContext, Script } from 'node:vm';

/** Time limit for one text. */
const TIMEOUT_MS = 100;

/** Texts up to this length are fast with every pattern. */
const SHORT = 16;

/** Texts above this length can be slow even with a pattern that repeats no group. */
const LONG = 200;

/** A repeated group can match a text in very many ways. */
const REPEATED_GROUP = /\)(?:[*+]|\{)/;

/**
 * Creates a test for a user's pattern with a time limit: some patterns try so many ways to match a text that they seem to hang. The test
 * returns undefined when it takes too long. After that, it returns undefined for all texts that are not short.
 *
 * @see https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS
 */
export function testInTime(expression: RegExp): (text: string) => boolean | undefined {
  const isRisky = REPEATED_GROUP.test(expression.source);
  let isSlow = false;
  return (text) => {
    if (text.length <= SHORT || !(isRisky || text.length > LONG)) return expression.test(text);
    if (isSlow) return undefined;
    const answer = run(expression, text);
    isSlow = answer === undefined;
    return answer;
  };
}

const script = new Script('expression.test(text)');
const sandbox = createContext({});

function run(expression: RegExp, text: string): boolean | undefined {
  Object.assign(sandbox, { expression, text });
  try {
    return script.runInContext(sandbox, { timeout: TIMEOUT_MS }) === true;
  } catch {
    // Only the time limit throws here.
    return undefined;
  }
}
