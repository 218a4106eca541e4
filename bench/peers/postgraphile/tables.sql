-- The rows that the questions are about, with an index on every column that is looked up, followed or sorted by.
CREATE TABLE parties (
  id text PRIMARY KEY, type text NOT NULL, name text NOT NULL, name_fold text NOT NULL,
  aliases text, summary text, kind text, region text
);
CREATE TABLE practices (id text PRIMARY KEY, name text NOT NULL, name_fold text NOT NULL);
CREATE TABLE memberships (
  id text PRIMARY KEY, member_id text NOT NULL REFERENCES parties, network_id text NOT NULL REFERENCES parties
);
CREATE TABLE learnings (
  id text PRIMARY KEY, learner_id text NOT NULL REFERENCES parties, teacher_id text NOT NULL REFERENCES parties,
  practice_id text NOT NULL REFERENCES practices, channel_kind text NOT NULL, started text, started_from int, started_to int, stage text
);

\copy parties FROM 'parties.csv' CSV
\copy practices FROM 'practices.csv' CSV
\copy memberships FROM 'memberships.csv' CSV
\copy learnings FROM 'learnings.csv' CSV

CREATE INDEX ON parties (type, id);
CREATE INDEX ON parties (type, name_fold, id);
CREATE INDEX ON parties (name);
CREATE INDEX ON parties (name_fold);
CREATE INDEX ON parties (region);
CREATE INDEX ON parties (kind);
CREATE INDEX ON practices (name);
CREATE INDEX ON memberships (member_id);
CREATE INDEX ON memberships (network_id);
CREATE INDEX ON learnings (learner_id, id);
CREATE INDEX ON learnings (learner_id, started_from DESC, started_to DESC, id);
CREATE INDEX ON learnings (teacher_id, practice_id);
CREATE INDEX ON learnings (practice_id);
CREATE INDEX ON learnings (started_from);
CREATE INDEX ON learnings (started_to);
CREATE INDEX ON learnings (channel_kind);
CREATE INDEX ON learnings (stage);
ANALYZE;
