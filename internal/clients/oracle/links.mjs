// Where each link of each type leads, in the words of the tables. A link to one is a function
// to a row or null, a link to many a function to rows, and a shortcut names the fact that it
// goes past and the field of the fact that it follows from there.
import { list } from "./tables.mjs";

export function linksOf(tables) {
  const { rows, of, byID, authors, treated } = tables;
  const to = (column) => (row) => byID(row[column]);
  const from = (type, column) => (row) => of(type).filter((other) => other[column] === row.id);
  const past = (fact, far) => ({ fact, far });

  const sources = (row) => list(row.source_ids).map(byID);
  const channel = { sources, learnings: from("Learning", "channel_id") };
  const party = {
    sources,
    learningsAsLearner: from("Learning", "learner_id"),
    learningsAsTeacher: from("Learning", "teacher_id"),
    memberships: from("Membership", "member_id"),
    participations: from("Participation", "participant_id"),
    authored: (row) => authors.filter((a) => a.author_id === row.id).map((a) => byID(a.resource_id)),
    originated: from("Practice", "origin_id"),
    enrollments: from("Enrollment", "participant_id"),
    tiesAsLearner: from("Tie", "learner_id"),
    tiesAsSource: from("Tie", "source_id"),
    adoptions: from("Adoption", "adopter_id"),
    teachers: past("learningsAsLearner", "teacher"),
    learners: past("learningsAsTeacher", "learner"),
    networks: past("memberships", "network"),
    events: past("participations", "event"),
    practicesLearned: past("learningsAsLearner", "practice"),
    practicesTaught: past("learningsAsTeacher", "practice"),
  };
  const body = {
    ...party,
    recognitions: from("Recognition", "honoree_id"),
    jointRecognitions: (row) => of("Recognition").filter((r) => list(r.joint_with).includes(row.id)),
    roles: from("Role", "body_id"),
    operates: from("Program", "operator_id"),
    organizes: from("Event", "organizer_id"),
    publications: from("Resource", "publisher_id"),
    frameworks: from("Framework", "publisher_id"),
    leaders: past("roles", "holder"),
    cohorts: past("recognitions", "cohort"),
  };
  return {
    Source: {
      citedBy: (row) => rows.filter((other) => other.type !== "Source" && list(other.source_ids ?? "").includes(row.id)),
    },
    Organization: { ...body, hubOf: from("Network", "hub_id") },
    Network: {
      ...body,
      ...channel,
      hub: to("hub_id"),
      roster: from("Membership", "network_id"),
      members: past("roster", "member"),
    },
    Person: { ...party, roles: from("Role", "person_id"), bodies: past("roles", "body") },
    Role: { sources, holder: to("person_id"), body: to("body_id") },
    Membership: { sources, member: to("member_id"), network: to("network_id") },
    Program: {
      ...channel,
      operator: to("operator_id"),
      cohorts: from("Cohort", "program_id"),
      events: from("Event", "program_id"),
    },
    Cohort: {
      sources,
      program: to("program_id"),
      event: to("event_id"),
      recognitions: from("Recognition", "cohort_id"),
      honorees: past("recognitions", "honoree"),
    },
    Recognition: {
      sources,
      cohort: to("cohort_id"),
      honoree: to("honoree_id"),
      jointlyWith: (row) => list(row.joint_with).map(byID),
    },
    Event: {
      ...channel,
      organizer: to("organizer_id"),
      program: to("program_id"),
      participations: from("Participation", "event_id"),
      announcedCohorts: from("Cohort", "event_id"),
      participants: past("participations", "participant"),
    },
    Participation: { sources, participant: to("participant_id"), event: to("event_id") },
    Practice: {
      sources,
      broader: to("broader_id"),
      origin: to("origin_id"),
      narrower: from("Practice", "broader_id"),
      learnings: from("Learning", "practice_id"),
      resources: (row) => treated.filter((t) => t.practice_id === row.id).map((t) => byID(t.resource_id)),
      adoptions: from("Adoption", "practice_id"),
      adopters: past("learnings", "learner"),
      teachers: past("learnings", "teacher"),
    },
    Resource: {
      ...channel,
      publisher: to("publisher_id"),
      authors: (row) => authors.filter((a) => a.resource_id === row.id).map((a) => byID(a.author_id)),
      practices: (row) => treated.filter((t) => t.resource_id === row.id).map((t) => byID(t.practice_id)),
      frameworks: from("Framework", "resource_id"),
    },
    Framework: {
      sources,
      publisher: to("publisher_id"),
      resource: to("resource_id"),
      standards: from("Standard", "framework_id"),
    },
    Standard: { sources, framework: to("framework_id"), levels: from("StandardLevel", "standard_id") },
    StandardLevel: { sources, standard: to("standard_id") },
    Learning: {
      sources,
      learner: to("learner_id"),
      teacher: to("teacher_id"),
      practice: to("practice_id"),
      via: to("channel_id"),
    },
    Study: {
      sources,
      enrollments: from("Enrollment", "study_id"),
      ties: from("Tie", "study_id"),
      adoptions: from("Adoption", "study_id"),
      participants: past("enrollments", "participant"),
      practices: past("adoptions", "practice"),
    },
    Enrollment: { study: to("study_id"), participant: to("participant_id") },
    Tie: { study: to("study_id"), learner: to("learner_id"), source: to("source_id") },
    Adoption: { study: to("study_id"), adopter: to("adopter_id"), practice: to("practice_id") },
  };
}
