import { createContext, Script } from 'node:vm';

/** As long as one text may take. */
const TIMEOUT_MS = 100;

/** Shorter texts take no time with any pattern, */
const SHORT = 16;

/** and longer ones do with some that repeat nothing that is a group. */
const LONG = 200;

/** A group that is repeated can be tried in as many ways as there are parts of the text. */
const REPEATED_GROUP = /\)(?:[*+]|\{)/;

/**
 * Makes a test of an author's pattern that ends: some patterns try so many ways through a text that does not match that they seem to
 * hang. What takes too long is undefined, and from then on all but short texts are.
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
