// What holds on a day, written from the description of Graph: what happened holds from its
// date on, what lasts from its start to its end. A day is a span of days itself, and says
// how dates are read.
const happened = {
  Organization: (row) => row.founded,
  Cohort: (row) => row.announced_on || row.year,
  Event: (row) => row.starts_on,
  Learning: (row) => row.started,
};
const lasting = ["Network", "Program", "Role", "Membership"];
const dated = { Participation: "event", Recognition: "cohort" }; // by what they lead to
const facts = ["Learning", "Participation", "Recognition", "Role", "Membership"];

// holdsOn tells whether a row holds on a day. far follows a link of a row.
export function holdsOn(day, row, far) {
  const isFact = facts.includes(row.type);
  const source = dated[row.type] ? far(row, dated[row.type]) : row;
  if (source.type in happened) return hasHappened(day, happened[source.type](source), isFact);
  return !lasting.includes(row.type) || lasts(day, row, isFact);
}

// hasHappened: for certain when every day that the date may mean has come by the last day asked about.
function hasHappened(day, text, isFact) {
  if (text === "") return day.possible || !isFact;
  const { from, to } = day.days(text);
  return (day.possible ? from : to) <= day.to;
}

// lasts: throughout the days asked about, or possibly on one of them.
function lasts(day, { started, ended }, isFact) {
  const start = started === "" ? null : day.days(started);
  const from = start?.from ?? -Infinity;
  const to = ended === "" ? Infinity : day.days(ended).to;
  if (day.possible) return from <= day.to && day.from <= to;
  if (!isFact) return from <= day.from && day.to <= to;
  return start !== null && from <= day.from && day.to <= (ended === "" ? start.to : to);
}

// undated and openEnded count the facts of all rows without a beginning, and those with one but no end.
export const undated = (rows) => rows.filter((row) => facts.includes(row.type) && begins(row, rows) === "").length;
export const openEnded = (rows) => rows.filter(({ type, started, ended }) => lasting.includes(type) && facts.includes(type) && started !== "" && ended === "").length;

function begins(row, rows) {
  const link = dated[row.type];
  const source = link ? rows.find((other) => other.id === row[link + "_id"]) : row;
  return happened[source.type] ? happened[source.type](source) : source.started;
}
