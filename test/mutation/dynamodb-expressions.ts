/** A part of a text, and what to put in its place. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** One comparison or function of a condition, of DynamoDB's expressions and of PartiQL. */
const ATOM = /[#\w]+ (?:=|<>|<=|>=|<|>) :\w+|attribute_(?:not_)?exists\([#\w]+\)|"\w+"=(?:\?|'[A-Z_]+')/g;
/** What an update writes or removes. */
const TARGET = /(?<=\b(?:SET|REMOVE|ADD) |, )(?:[#\w]+|"\w+")(?==| = | :|,|$)/g;
const UPDATE = /(?:^| )(?:SET|REMOVE|ADD) /;

/**
 * Weakens a text of DynamoDB's: each part of a condition becomes true where it is one of several that must hold, and false
 * where it is one of several that may; an update writes another attribute. Nothing that the text names is left
 * out, because DynamoDB refuses a request that gives a value which no expression uses.
 */
export function weaken(text: string): TextChange[] {
  if (!UPDATE.test(text)) return atomChanges(text, 0);
  const where = text.indexOf(' WHERE ');
  return [...targetChanges(text), ...(where < 0 ? [] : atomChanges(text, where))];
}

/** Of one clause of an update, `name = :value`: it writes another attribute. */
export function clauseChanges(text: string): TextChange[] {
  const name = /^[#\w]+(?= = :)/.exec(text)?.[0];
  return name === undefined ? [] : [{ start: 0, end: name.length, replacement: 'mutant' }];
}

function targetChanges(text: string): TextChange[] {
  return [...text.matchAll(TARGET)].map(({ 0: name, index }) => ({
    start: index,
    end: index + name.length,
    replacement: name.startsWith('"') ? '"mutant"' : 'mutant',
  }));
}

function atomChanges(text: string, from: number): TextChange[] {
  return [...text.matchAll(ATOM)].flatMap(({ 0: atom, index }) => {
    // The key of a statement is no condition.
    if (index < from || atom === '"id"=?') return [];
    const end = index + atom.length;
    const obligatory = /\bAND $/.test(text.slice(0, index)) || /^ AND\b/.test(text.slice(end));
    const alternative = /\bOR $/.test(text.slice(0, index)) || /^ OR\b/.test(text.slice(end));
    return [{ start: index, end, replacement: alternative && !obligatory ? never(atom) : always(atom) }];
  });
}

/** No record has an attribute of this name. */
function always(atom: string): string {
  return atom.startsWith('"')
    ? `(${atom} OR "status"<>'mutant')`
    : `(${atom} OR attribute_not_exists(mutant))`;
}

function never(atom: string): string {
  return `(${atom} AND attribute_exists(mutant))`;
}
