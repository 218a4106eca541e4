// What a text finds, written from the description of Query.search. What that leaves open is
// as people would have it: apostrophes stand inside words, letters with full stops between
// them are one word, nobody knows a long sentence by its initials.
import { decode, encode, inOrder, sizeOf } from "./pages.mjs";
import { list, screaming } from "./tables.mjs";
import { fold } from "./values.mjs";

const longestText = 500;
const mostWords = 32;
const longestWord = 60;
const mostInitials = 12;
const small = ["a", "an", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with"];
const matches = { 1: "EXACT", 2: "PREFIX", 3: "ALL_WORDS", 4: "SOME_WORDS" };
const fields = ["name", "title", "aliases"];

// checkSearch refuses bad arguments.
export function checkSearch({ text, first, after }) {
  if ([...text].length > longestText || wordsOf(text).length > mostWords) throw new Error("a text that is too long");
  sizeOf(first);
  placeOf(orderFor(text), after);
}

// search is the page that a search finds.
export function search(graph, { text, types, first, after }) {
  const sought = parse(text);
  const keys = orderFor(text);
  const rows = graph.all(graph.schema.getType("Node")).filter((row) => !types || types.includes(screaming(row.type)));
  const found = rows.map((row) => ranked(graph, row, sought)).filter((hit) => hit !== null);
  found.sort((a, b) => inOrder(keys, a.values, b.values));
  const start = placeOf(keys, after);
  const behind = found.filter((hit) => start === null || inOrder(keys, hit.values, start) > 0);
  const page = behind.slice(0, sizeOf(first));
  const cursors = page.map((hit) => encode(keys, hit.values));
  const names = graph.schema.getType("NodeType").getValues().map(({ name }) => name);
  const count = (type) => found.filter(({ row }) => screaming(row.type) === type).length;
  return {
    edges: page.map((hit, i) => ({
      node: hit.row,
      cursor: cursors[i],
      match: matches[Math.min(hit.values[0], 4)],
      matchedField: hit.text.field,
      snippet: { text: hit.text.raw, parts: partsOf(hit.text, sought, hit.values[0]) },
    })),
    nodes: page.map(({ row }) => row),
    pageInfo: {
      hasNextPage: behind.length > page.length,
      hasPreviousPage: start !== null,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
    totalCount: found.length,
    byType: names.filter((type) => count(type) > 0).map((type) => ({ type, count: count(type) })),
  };
}

// orderFor is the order of what a text finds: by rank, by name in folded form, by id.
function orderFor(text) {
  const key = (name, kind) => ({ names: [name], kind, descending: false, nullsFirst: false });
  return [key("search " + wordsOf(text).map((word) => word.text).join(" "), "Int"), key("name", "Folded"), key("id", "ID")];
}

function placeOf(keys, after) {
  if (typeof after !== "string") return null;
  const place = decode(keys, after);
  if (place.includes(null)) throw new Error(`${after} is damaged`);
  return place;
}

// parse is what a text looks for: its words, those that count, and whether the last may go on.
function parse(text) {
  const words = wordsOf(text).map((word) => word.text);
  const main = words.filter((word) => !small.includes(word));
  const counting = main.length > 0 ? main : words;
  const last = counting.at(-1);
  const goesOn = words.length > 0 && words.at(-1) === last;
  const met = (each) => (term) => (goesOn && each === last ? term.startsWith(each) : term === each);
  return { words, meetings: [...new Set(counting)].map(met) };
}

// ranked is a row with its place, and the text of it that matches best; null when none does.
function ranked(graph, row, sought) {
  const texts = textsOf(graph, row);
  const wholes = texts.map((text) => whole(text, sought.words));
  const founds = texts.map((text) => sought.meetings.filter((met) => terms(text).some(met)).length);
  const all = sought.meetings.filter((met) => texts.some((text) => terms(text).some(met))).length;
  const best = Math.min(...wholes);
  if (best === Infinity && all === 0) return null;
  const missing = sought.meetings.length - all;
  const rank = best < Infinity ? best : 3 + missing;
  const by = best < Infinity ? wholes.indexOf(best) : founds.indexOf(Math.max(...founds));
  return { row, text: texts[by], values: [rank, fold(texts[0].raw), row.id] };
}

const terms = ({ words, initials }) => [...words, ...initials].map((term) => term.text);

// whole is 1 when a text is what is looked for or has it as initials, 2 when it begins with it.
function whole({ words, initials }, sought) {
  const last = sought.length - 1;
  if (last < 0) return Infinity;
  if (last === 0 && initials.some(({ text }) => text === sought[0])) return 1;
  if (words.length <= last || !words[last].text.startsWith(sought[last])) return Infinity;
  if (sought.slice(0, last).some((word, i) => words[i].text !== word)) return Infinity;
  return words.length === sought.length && words[last].text === sought[last] ? 1 : 2;
}

function textsOf(graph, row) {
  const there = fields.filter((field) => field in graph.schema.getType(row.type).getFields());
  return there.flatMap((field) => textsIn(row[field], field).map((raw) => ({ field, raw, words: wordsOf(raw), initials: initialsOf(wordsOf(raw)) })));
}

const textsIn = (cell, field) => (field === "aliases" ? list(cell) : [cell].filter((text) => text !== ""));

// wordsOf splits a text at all that is neither letter nor digit.
function wordsOf(text) {
  const words = [];
  for (const match of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’ʼ‘]*/gu)) {
    const raw = match[0].replace(/['’ʼ‘]+$/u, "");
    const word = { text: plain(fold(raw)), start: match.index, end: match.index + raw.length };
    const before = words.at(-1);
    if (word.text === "") continue;
    if (before && spelled(before, word, text)) Object.assign(before, { text: plain(before.text + word.text), end: word.end });
    else words.push(word);
  }
  return words;
}

// spelled tells whether a letter goes on with an abbreviation that has full stops.
function spelled(before, word, text) {
  const isLetter = (s) => /^\p{L}$/u.test(s);
  const begun = isLetter(before.text) || text.slice(before.start, before.end).includes(".");
  return isLetter(word.text) && text.slice(before.end, word.start) === "." && begun;
}

const plain = (folded) => [...folded.replace(/[^\p{L}\p{N}\p{M}]|['’ʼ‘]/gu, "")].slice(0, longestWord).join("");

// initialsOf are the first letters of the words, without the small ones and of all.
function initialsOf(words) {
  const of = (some) => ({ text: some.map((word) => [...word.text][0]).join(""), words: some });
  const main = of(words.filter((word) => !small.includes(word.text)));
  const every = of(words);
  const known = [main, every].filter((each) => each.words.length >= 2 && each.words.length <= mostInitials);
  return known.length === 2 && main.text === every.text ? [main] : known;
}

// partsOf cuts a text into what was looked for and the rest: words, or else letters of initials.
function partsOf({ raw, words, initials }, { words: typed, meetings }, rank) {
  const met = (term) => meetings.some((meets) => meets(term)) || (rank <= 2 && small.includes(term) && typed.includes(term));
  let marked = words.filter((word) => met(word.text));
  for (const each of initials) {
    if (marked.length === 0 && met(each.text)) marked = each.words.map((word) => letterOf(raw, word));
  }
  const parts = [];
  let at = 0;
  for (const { start, end } of [...marked, { start: raw.length, end: raw.length }]) {
    if (at < start) parts.push({ text: raw.slice(at, start), match: false });
    if (start < end) parts.push({ text: raw.slice(start, end), match: true });
    at = end;
  }
  return parts;
}

function letterOf(raw, { start }) {
  const [letter] = /^.\p{M}*/su.exec(raw.slice(start));
  return { start, end: start + letter.length };
}
