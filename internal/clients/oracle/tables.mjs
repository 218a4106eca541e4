// The tables as plain lists of rows, and what their cells and columns mean. Nothing
// is indexed but the ids: whoever wants something else filters.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";

const files = {
  Source: "sources",
  Organization: "organizations",
  Network: "networks",
  Person: "people",
  Role: "roles",
  Membership: "memberships",
  Program: "programs",
  Cohort: "cohorts",
  Recognition: "recognitions",
  Event: "events",
  Participation: "participations",
  Practice: "practices",
  Resource: "resources",
  Framework: "frameworks",
  Standard: "standards",
  StandardLevel: "standard_levels",
  Learning: "learnings",
};

// The tables of studies may be missing, as they are from the curated ones.
const optional = { Study: "studies", Enrollment: "enrollments", Tie: "ties", Adoption: "adoptions" };

const read = (folder, file) => parse(readFileSync(join(folder, file + ".csv")), { columns: true });

// What no table says of a row: the number of the change that wrote it, the first there was.
const imported = { version: "1" };

// The tables of a folder. A row is an object of its cells, with the name of its type beside them.
export function load(folder) {
  const rows = [];
  for (const [type, file] of Object.entries(files)) {
    for (const cells of read(folder, file)) rows.push({ type, ...imported, ...cells });
  }
  for (const [type, file] of Object.entries(optional).filter(([, name]) => existsSync(join(folder, name + ".csv")))) {
    for (const cells of read(folder, file)) rows.push({ type, ...imported, ...cells });
  }
  for (const row of rows.filter((r) => r.type === "Learning")) row.started = dated(row.date_precision, row.started);
  return tablesOf(rows, read(folder, "resource_authors"), read(folder, "resource_practices"));
}

function tablesOf(rows, authors, treated) {
  const ids = new Map(rows.map((row) => [row.id, row]));
  return {
    rows,
    of: (...types) => rows.filter((row) => types.includes(row.type)),
    byID: (id) => ids.get(id) ?? null,
    authors,
    treated,
    copy: () => tablesOf(rows.map((row) => ({ ...row })), authors, treated),
  };
}

// The date that a cell means beside its precision (seed/README.md, "Dates of learnings").
function dated(precision, cell) {
  if (cell === "") return cell;
  if (precision === "SCHOOL_YEAR") return `${cell}-08/${Number(cell) + 1}-07`;
  if (precision === "APPROXIMATE") return cell + "~";
  return cell;
}

export const list = (cell) => (cell === "" ? [] : cell.split(";").map((element) => element.trim()));

const column = (field) => field.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());

// screaming is the name that an enum gives to a field or type: CHANNEL_KIND for channelKind.
export const screaming = (name) => name.replace(/(?!^)[A-Z]/g, "_$&").toUpperCase();

// Unknown is what the schema offers and the oracle has not been taught.
export class Unknown extends Error {}

// The value of a scalar field: kind is its type, or "List" for a list of texts.
export function scalar(row, field, kind) {
  const cell = row[column(field)];
  if (cell === undefined) throw new Unknown(`field ${field}`);
  if (kind === "List") return list(cell);
  if (cell === "") return null;
  if (kind === "Boolean") return cell === "true";
  return kind === "Int" || kind === "Float" ? Number(cell) : cell;
}
