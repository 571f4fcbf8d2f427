/// <reference lib="dom" />

type Child = Node | string | false | undefined;
type Listener = (event: Event) => void;
type Attributes = Readonly<Record<string, string | boolean | Listener | undefined>>;

/**
 * Creates an element. An attribute that is a function is a listener (`onclick`). A string child becomes a text node, so that the data of an event
 * is never HTML.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (typeof value === 'string') made.setAttribute(name, value);
    else if (value === true) made.setAttribute(name, '');
  }
  made.append(...children.filter((child) => child !== false && child !== undefined));
  return made;
}

/** A table with a heading row. The caption is for screen readers. */
export function table(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLTableElement {
  return element(
    'table',
    {},
    element('caption', { class: 'unseen' }, caption),
    element('thead', {}, element('tr', {}, ...headings.map((text) => element('th', { scope: 'col' }, text)))),
    element(
      'tbody',
      {},
      ...rows.map((cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, cell)))),
    ),
  );
}
