// A table that sorts by its headings, filters, and turns pages; the first rows came with the page.

import { all, byId, el, replace } from './dom.js';
import { count } from './words.js';

const PAGE = 50;
const PRINTED = 1000;

export class Grid {
  // columns: [{ value(i) to sort by, cell(i) to show, isNumber }]
  constructor(id, n, columns, options) {
    this.table = byId(id);
    this.n = n;
    this.columns = columns;
    this.options = options;
    this.by = options.sort;
    this.down = options.down;
    this.words = '';
    this.group = -1;
    this.page = 0;
    this.foot = el('div', { class: 'pages' });
    this.table.parentNode.insertAdjacentElement('afterend', this.foot);
    this.addTools();
    this.addHeads();
    this.refresh();
    window.addEventListener('beforeprint', () => this.show(0, PRINTED));
    window.addEventListener('afterprint', () => this.show(this.page * PAGE, PAGE));
  }

  addTools() {
    const search = el('input', { type: 'search', placeholder: this.options.hint, 'aria-label': this.options.hint,
      oninput: (event) => { this.words = event.target.value.trim(); this.refresh(); } });
    const choice = el('select', { 'aria-label': '生活圈', onchange: (event) => { this.group = +event.target.value; this.refresh(); } },
      el('option', { value: -1 }, '全部生活圈'), this.options.groups.map((name, i) => el('option', { value: i }, name)));
    this.extra = el('span', { class: 'fine' });
    const bar = el('div', { class: 'tools' }, search, choice, this.extra);
    this.table.parentNode.insertAdjacentElement('beforebegin', bar);
  }

  addHeads() {
    all('thead th', this.table).forEach((head, k) => {
      const name = head.textContent;
      replace(head, el('button', { type: 'button', class: 'sort', onclick: () => this.sortBy(k) }, name, el('i', { 'aria-hidden': 'true' })));
    });
  }

  sortBy(k) {
    this.down = this.by === k ? !this.down : this.columns[k].isNumber === true;
    this.by = k;
    this.refresh();
  }

  refresh() {
    this.rows = [];
    for (let i = 0; i < this.n; i++) {
      if (this.group >= 0 && this.options.groupOf(i) !== this.group) continue;
      if (this.words && !this.options.text(i).includes(this.words)) continue;
      this.rows.push(i);
    }
    const { value, isNumber } = this.columns[this.by];
    const sign = this.down ? -1 : 1;
    const keys = {};
    this.rows.forEach((i) => { keys[i] = value(i); });
    this.rows.sort((a, b) => sign * compare(keys[a], keys[b], isNumber) || a - b);
    all('thead th', this.table).forEach((head, k) => {
      head.setAttribute('aria-sort', k !== this.by ? 'none' : this.down ? 'descending' : 'ascending');
    });
    this.turn(0);
  }

  turn(page) {
    this.page = page;
    this.show(page * PAGE, PAGE);
    const last = Math.max(0, Math.ceil(this.rows.length / PAGE) - 1);
    const from = this.rows.length ? page * PAGE + 1 : 0;
    replace(this.foot,
      el('button', { type: 'button', disabled: page === 0, onclick: () => this.turn(page - 1) }, '上一页'),
      el('span', null, `${count(from)}–${count(Math.min(this.rows.length, (page + 1) * PAGE))} / ${count(this.rows.length)}`),
      el('button', { type: 'button', disabled: page === last, onclick: () => this.turn(page + 1) }, '下一页'));
  }

  show(from, n) {
    replace(this.table.tBodies[0], this.rows.slice(from, from + n).map((i) => el('tr', { 'data-row': i },
      this.columns.map((column, k) => el(k ? 'td' : 'th', { class: column.isNumber ? 'num' : null, scope: k ? null : 'row' }, column.cell(i))))));
    if (!this.rows.length) {
      replace(this.table.tBodies[0], el('tr', null, el('td', { colspan: this.columns.length, class: 'empty' }, '没有符合条件的行')));
    }
  }
}

// Numbers with Infinity above all and unknown always last in the falling order.
function compare(a, b, isNumber) {
  if (!isNumber) return String(a).localeCompare(String(b), 'zh');
  const rank = (v) => (v === null || v !== v ? -Infinity : v);
  const [x, y] = [rank(a), rank(b)];
  return x === y ? 0 : x < y ? -1 : 1;
}
