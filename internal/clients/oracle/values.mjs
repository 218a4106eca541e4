// What comparing texts and dates means.

// fold is a text without accents and in folded case: decomposed (NFKD), without marks that
// take no room (Mn), each character lowered, raised and lowered again, then composed (NFC).
// Raising before lowering folds what has several small forms: "ß" and "ẞ" to "ss", both small
// sigmas to one. Character by character, since a sigma at the end of a word is lowered to
// another letter than one inside. The dotless "ı" has no folded form of its own: it stays.
// Compared with the server's over every character there is, it differs for Cherokee, which
// Unicode folds to its capitals, and for what came after the Unicode that the server's library
// knows (15); no table has either.
export function fold(text) {
  const bare = (s) => s.normalize("NFKD").replace(/\p{Mn}/gu, "");
  const folded = [...bare(text)].map((c) => (c === "ı" ? c : c.toLowerCase().toUpperCase().toLowerCase())).join("");
  return bare(folded).normalize("NFC");
}

// byCodePoint orders texts by code point, which is the order of their UTF-8 bytes (and not
// the order of JavaScript's operators, which compare halves of characters).
export const byCodePoint = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

const part = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(~)?$/;

// days is the first and the last day that a date may mean, counted from 1970-01-01.
export function days(text) {
  const parts = text.split("/").map(days1);
  if (parts.length > 2) throw new Error(`${text} has too many parts`);
  const span = { from: parts[0].from, to: parts.at(-1).to };
  if (span.to < span.from) throw new Error(`${text} ends before it begins`);
  return span;
}

// written is the days of a date as it stands in the tables: without what "about" adds, and
// of a school year the year in which it begins.
export function written(text) {
  const plain = text.replaceAll("~", "");
  const [, year, next] = /^(\d{4})-08\/(\d{4})-07$/.exec(plain) ?? [];
  if (year !== undefined && Number(year) + 1 === Number(next)) return days(year);
  const [first, last = first] = plain.split("/").map(days1);
  return last.to < first.from ? days(text) : { from: first.from, to: last.to };
}

// days1 is days for one year, month or day; "about" adds one of its kind at both sides.
function days1(text) {
  const match = part.exec(text);
  if (!match) throw new Error(`${text} is not a date`);
  const [year, month, day] = match.slice(1, 4).map((digits) => Number(digits ?? 0));
  const about = match[4] ? 1 : 0;
  if (match[2] === undefined) return { from: dayOf(year - about, 1, 1), to: dayOf(year + about + 1, 1, 1) - 1 };
  if (month < 1 || month > 12) throw new Error(`${text} has no such month`);
  if (match[3] === undefined) return { from: dayOf(year, month - about, 1), to: dayOf(year, month + about + 1, 1) - 1 };
  if (day < 1 || dayOf(year, month, day) >= dayOf(year, month + 1, 1)) throw new Error(`${text} has no such day`);
  return { from: dayOf(year, month, day - about), to: dayOf(year, month, day + about) };
}

function dayOf(year, month, day) {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // Date.UTC takes the year 13 for 1913
  return date.getTime() / 86_400_000;
}

const numbers = ["Int", "Float", "Boolean"];

// isNumber tells whether values of a kind are compared as numbers: false is 0 and true is 1.
export const isNumber = (kind) => numbers.includes(kind);

// order compares two values that are there, as sorting does.
export function order(kind, a, b) {
  if (isNumber(kind)) return a - b;
  if (kind === "String") return byCodePoint(fold(a), fold(b)) || byCodePoint(a, b);
  if (kind === "Date") return days(a).from - days(b).from || days(a).to - days(b).to || byCodePoint(a, b);
  return byCodePoint(a, b);
}
