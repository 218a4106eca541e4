MATCH (n:Source)
SET n.publishedOn_from = $days._from[n.publishedOn],
  n.publishedOn_to = $days._to[n.publishedOn],
  n.publishedOn_written_from = $days._written_from[n.publishedOn],
  n.publishedOn_written_to = $days._written_to[n.publishedOn];
// $days = {"_from":{"2013~":15340,"2014":16071},"_to":{"2013~":16435,"2014":16435},"_written_from":{"2013~":15706,"2014":null},"_written_to":{"2013~":16070,"2014":null}}
MATCH (n:Organization)
SET n.founded_from = $days._from[n.founded],
  n.founded_to = $days._to[n.founded],
  n.founded_written_from = $days._written_from[n.founded],
  n.founded_written_to = $days._written_to[n.founded];
// $days = {"_from":{"2013~":15340,"2014":16071},"_to":{"2013~":16435,"2014":16435},"_written_from":{"2013~":15706,"2014":null},"_written_to":{"2013~":16070,"2014":null}}
MATCH (n:Network)
SET n.started_from = $days._from[n.started],
  n.started_to = $days._to[n.started],
  n.started_written_from = $days._written_from[n.started],
  n.started_written_to = $days._written_to[n.started],
  n.ended_from = $days._from[n.ended],
  n.ended_to = $days._to[n.ended],
  n.ended_written_from = $days._written_from[n.ended],
  n.ended_written_to = $days._written_to[n.ended];
// $days = {"_from":{"2013~":15340,"2014":16071},"_to":{"2013~":16435,"2014":16435},"_written_from":{"2013~":15706,"2014":null},"_written_to":{"2013~":16070,"2014":null}}
MATCH (n:Role)
SET n.started_from = $days._from[n.started],
  n.started_to = $days._to[n.started],
  n.started_written_from = $days._written_from[n.started],
  n.started_written_to = $days._written_to[n.started],
  n.ended_from = $days._from[n.ended],
  n.ended_to = $days._to[n.ended],
  n.ended_written_from = $days._written_from[n.ended],
  n.ended_written_to = $days._written_to[n.ended],
  n.seenIn_from = $days._from[n.seenIn],
  n.seenIn_to = $days._to[n.seenIn],
  n.seenIn_written_from = $days._written_from[n.seenIn],
  n.seenIn_written_to = $days._written_to[n.seenIn];
// $days = {"_from":{"2013~":15340,"2014":16071},"_to":{"2013~":16435,"2014":16435},"_written_from":{"2013~":15706,"2014":null},"_written_to":{"2013~":16070,"2014":null}}
MATCH (n:Membership)
SET n.started_from = $days._from[n.started],
  n.started_to = $days._to[n.started],
  n.started_written_from = $days._written_from[n.started],
  n.started_written_to = $days._written_to[n.started],
  n.ended_from = $days._from[n.ended],
  n.ended_to = $days._to[n.ended],
  n.ended_written_from = $days._written_from[n.ended],
  n.ended_written_to = $days._written_to[n.ended];
// $days = {"_from":{"2013~":15340,"2014":16071},"_to":{"2013~":16435,"2014":16435},"_written_from":{"2013~":15706,"2014":null},"_written_to":{"2013~":16070,"2014":null}}
MATCH (n:Program)
SET n.started_from = $days._from[n.started],
  n.started_to = $days._to[n.started],
  n.started_written_from = $days._written_from[n.started],
  n.started_written_to = $days._written_to[n.started],
  n.ended_from = $days._from[n.ended],
  n.ended_to = $days._to[n.ended],
  n.ended_written_from = $days._written_from[n.ended],
  n.ended_written_to = $days._written_to[n.ended];
// $days = {"_from":{"2013~":15340,"2014":16071},"_to":{"2013~":16435,"2014":16435},"_written_from":{"2013~":15706,"2014":null},"_written_to":{"2013~":16070,"2014":null}}
MATCH (n:Cohort)
SET n.announcedOn_from = $days._from[n.announcedOn],
  n.announcedOn_to = $days._to[n.announcedOn],
  n.announcedOn_written_from = $days._written_from[n.announcedOn],
  n.announcedOn_written_to = $days._written_to[n.announcedOn];
// $days = {"_from":{"2013~":15340,"2014":16071},"_to":{"2013~":16435,"2014":16435},"_written_from":{"2013~":15706,"2014":null},"_written_to":{"2013~":16070,"2014":null}}
MATCH (n:Event)
SET n.startsOn_from = $days._from[n.startsOn],
  n.startsOn_to = $days._to[n.startsOn],
  n.startsOn_written_from = $days._written_from[n.startsOn],
  n.startsOn_written_to = $days._written_to[n.startsOn],
  n.endsOn_from = $days._from[n.endsOn],
  n.endsOn_to = $days._to[n.endsOn],
  n.endsOn_written_from = $days._written_from[n.endsOn],
  n.endsOn_written_to = $days._written_to[n.endsOn];
// $days = {"_from":{"2013~":15340,"2014":16071},"_to":{"2013~":16435,"2014":16435},"_written_from":{"2013~":15706,"2014":null},"_written_to":{"2013~":16070,"2014":null}}
MATCH (n:Learning)
SET n.started_from = $days._from[n.started],
  n.started_to = $days._to[n.started],
  n.started_written_from = $days._written_from[n.started],
  n.started_written_to = $days._written_to[n.started];
// $days = {"_from":{"2013~":15340,"2014":16071},"_to":{"2013~":16435,"2014":16435},"_written_from":{"2013~":15706,"2014":null},"_written_to":{"2013~":16070,"2014":null}}
MATCH (n:Study)
SET n.startsOn_from = $days._from[n.startsOn],
  n.startsOn_to = $days._to[n.startsOn],
  n.startsOn_written_from = $days._written_from[n.startsOn],
  n.startsOn_written_to = $days._written_to[n.startsOn];
// $days = {"_from":{"2013~":15340,"2014":16071},"_to":{"2013~":16435,"2014":16435},"_written_from":{"2013~":15706,"2014":null},"_written_to":{"2013~":16070,"2014":null}}
