MATCH (n:Source)
SET n.url_none = CASE WHEN n.url IS NULL THEN n.id END,
  n.publishedOn_none = CASE WHEN n.publishedOn IS NULL THEN n.id END,
  n.note_none = CASE WHEN n.note IS NULL THEN n.id END;
MATCH (n:Organization)
SET n.city_none = CASE WHEN n.city IS NULL THEN n.id END,
  n.region_none = CASE WHEN n.region IS NULL THEN n.id END,
  n.website_none = CASE WHEN n.website IS NULL THEN n.id END,
  n.founded_none = CASE WHEN n.founded IS NULL THEN n.id END;
MATCH (n:Network)
SET n.aim_none = CASE WHEN n.aim IS NULL THEN n.id END,
  n.started_none = CASE WHEN n.started IS NULL THEN n.id END,
  n.ended_none = CASE WHEN n.ended IS NULL THEN n.id END,
  n.website_none = CASE WHEN n.website IS NULL THEN n.id END;
MATCH (n:Role)
SET n.started_none = CASE WHEN n.started IS NULL THEN n.id END,
  n.ended_none = CASE WHEN n.ended IS NULL THEN n.id END,
  n.seenIn_none = CASE WHEN n.seenIn IS NULL THEN n.id END,
  n.note_none = CASE WHEN n.note IS NULL THEN n.id END;
MATCH (n:Membership)
SET n.started_none = CASE WHEN n.started IS NULL THEN n.id END,
  n.ended_none = CASE WHEN n.ended IS NULL THEN n.id END,
  n.note_none = CASE WHEN n.note IS NULL THEN n.id END;
MATCH (n:Program)
SET n.started_none = CASE WHEN n.started IS NULL THEN n.id END,
  n.ended_none = CASE WHEN n.ended IS NULL THEN n.id END,
  n.website_none = CASE WHEN n.website IS NULL THEN n.id END,
  n.criteria_none = CASE WHEN n.criteria IS NULL THEN n.id END;
MATCH (n:Cohort)
SET n.announcedOn_none = CASE WHEN n.announcedOn IS NULL THEN n.id END,
  n.theme_none = CASE WHEN n.theme IS NULL THEN n.id END;
MATCH (n:Recognition)
SET n.category_none = CASE WHEN n.category IS NULL THEN n.id END,
  n.results_none = CASE WHEN n.results IS NULL THEN n.id END;
MATCH (n:Event)
SET n.startsOn_none = CASE WHEN n.startsOn IS NULL THEN n.id END,
  n.endsOn_none = CASE WHEN n.endsOn IS NULL THEN n.id END,
  n.city_none = CASE WHEN n.city IS NULL THEN n.id END,
  n.region_none = CASE WHEN n.region IS NULL THEN n.id END,
  n.country_none = CASE WHEN n.country IS NULL THEN n.id END,
  n.note_none = CASE WHEN n.note IS NULL THEN n.id END;
MATCH (n:Participation)
SET n.note_none = CASE WHEN n.note IS NULL THEN n.id END;
MATCH (n:Resource)
SET n.year_none = CASE WHEN n.year IS NULL THEN n.id END,
  n.url_none = CASE WHEN n.url IS NULL THEN n.id END,
  n.identifiers_none = CASE WHEN n.identifiers IS NULL THEN n.id END;
MATCH (n:StandardLevel)
SET n.definition_none = CASE WHEN n.definition IS NULL THEN n.id END;
MATCH (n:Learning)
SET n.started_none = CASE WHEN n.started IS NULL THEN n.id END,
  n.stage_none = CASE WHEN n.stage IS NULL THEN n.id END;
MATCH (n:Study)
SET n.asked_none = CASE WHEN n.asked IS NULL THEN n.id END,
  n.startsOn_none = CASE WHEN n.startsOn IS NULL THEN n.id END,
  n.licence_none = CASE WHEN n.licence IS NULL THEN n.id END;
MATCH (n:Enrollment)
SET n.group_none = CASE WHEN n.group IS NULL THEN n.id END,
  n.lastPeriod_none = CASE WHEN n.lastPeriod IS NULL THEN n.id END;
MATCH (n:Tie)
SET n.kind_none = CASE WHEN n.kind IS NULL THEN n.id END,
  n.weight_none = CASE WHEN n.weight IS NULL THEN n.id END,
  n.firstPeriod_none = CASE WHEN n.firstPeriod IS NULL THEN n.id END,
  n.lastPeriod_none = CASE WHEN n.lastPeriod IS NULL THEN n.id END;
MATCH (n:Adoption)
SET n.lastPeriod_none = CASE WHEN n.lastPeriod IS NULL THEN n.id END;
