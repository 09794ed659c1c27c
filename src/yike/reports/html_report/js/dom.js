// Elements from names, attributes and children; text is always text, never markup.

export function el(name, attributes, ...children) {
  const node = document.createElement(name);
  Object.keys(attributes || {}).forEach((key) => {
    const value = attributes[key];
    if (value === false || value === null || value === undefined) return;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : value);
  });
  append(node, children);
  return node;
}

export function append(node, children) {
  children.forEach((child) => {
    if (child === null || child === undefined || child === false || child === '') return;
    if (Array.isArray(child)) append(node, child);
    else node.appendChild(child.nodeType ? child : document.createTextNode(String(child)));
  });
}

export function replace(node, ...children) {
  while (node.firstChild) node.removeChild(node.firstChild);
  append(node, children);
}

export const byId = (id) => document.getElementById(id);
export const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

export function signNode(sign, withWord) {
  return el('span', { class: 'sign ' + sign.code },
    el('i', { 'aria-hidden': 'true' }, sign.shape),
    el('span', { class: withWord ? null : 'sr' }, sign.word));
}
