package tables

import "strings"

// The words of the made-up network: the names that the vocabularies of the graph have, each
// with the weight at which it is drawn, and what names and texts are put together from.

const firstYear, lastYear = 2001, 2026

var (
	organizationKinds = kinds{
		{"SCHOOL_DISTRICT", 30, "{} Unified School District"}, {"SCHOOL", 22, "{} High School"}, {"CHARTER_ORGANIZATION", 5, "{} Public Schools"},
		{"REGIONAL_AGENCY", 6, "{} County Office of Education"}, {"STATE_AGENCY", 1, "{} Department of Education"},
		{"NATIONAL_AGENCY", 1, "{} Office of Learning"}, {"LOCAL_GOVERNMENT", 1, "City of {}"}, {"UNIVERSITY", 5, "University of {}"},
		{"COLLEGE", 6, "{} Community College"}, {"UNIVERSITY_CENTER", 3, "{} Center for Improvement"},
		{"RESEARCH_ORGANIZATION", 3, "{} Research Institute"}, {"TECHNICAL_ASSISTANCE_CENTER", 2, "{} Assistance Center"},
		{"FOUNDATION", 3, "{} Foundation"}, {"NONPROFIT", 6, "{} Partners, Inc."}, {"ASSOCIATION", 2, "{} Association of Schools"},
		{"HEALTH_ORGANIZATION", 1, "{} Health System"}, {"CONSULTANCY", 1, "{} Consulting"}, {"COMPANY", 1, "{} Learning Company"},
		{"PUBLISHER", 1, "{} Press"}, {"GROUP", 1, "Schools around {}"},
	}
	networkKinds = kinds{
		{"NETWORKED_IMPROVEMENT_COMMUNITY", 30, "{} Improvement Community"}, {"SCHOOL_IMPROVEMENT_NETWORK", 28, "{} School Improvement Network"},
		{"COLLABORATIVE", 18, "{} Collaborative"}, {"COMMUNITY_OF_PRACTICE", 8, "{} Community of Practice"},
		{"RESEARCH_PRACTICE_NETWORK", 5, "{} Research Network"}, {"COLLECTIVE_IMPACT", 5, "{} Cradle to Career"}, {"PARTNERSHIP", 4, "{} Partnership"},
		{"NETWORK_OF_NETWORKS", 2, "{} Network of Networks"},
	}
	programKinds = kinds{
		{"RECOGNITION", 0, "{} Spotlight"}, {"CONVENING_SERIES", 6, "{} Convenings"}, {"PROFESSIONAL_LEARNING", 25, "{} Institute"},
		{"FELLOWSHIP", 8, "{} Fellows"}, {"DEGREE", 8, "{} Doctorate"}, {"TECHNICAL_ASSISTANCE", 15, "{} Coaching"},
		{"IMPROVEMENT_INITIATIVE", 15, "{} Initiative"}, {"GRANT_PROGRAM", 8, "{} Grants"}, {"RESEARCH", 4, "{} Study"},
		{"RESOURCE_DEVELOPMENT", 3, "{} Materials"}, {"COMMUNITY_OF_PRACTICE", 3, "{} Exchange"}, {"DIGITAL_PLATFORM", 2, "{} Platform"},
		{"STUDENT_SUPPORT", 2, "{} Promise"}, {"PUBLIC_POLICY", 1, "{} Act"},
	}
	memberRoles = kinds{
		{"MEMBER", 78, ""}, {"HUB", 3, ""}, {"HUB_PARTNER", 3, ""}, {"PARTNER", 4, ""}, {"RESEARCH_PARTNER", 2, ""}, {"EVALUATOR", 1, ""},
		{"TECHNICAL_ASSISTANCE", 3, ""}, {"FUNDER", 2, ""}, {"GRANTEE", 2, ""}, {"INTERMEDIARY", 1, ""}, {"HONOREE", 1, ""},
	}
	eventKinds = kinds{
		{"SUMMIT", 8, ""}, {"SYMPOSIUM", 4, ""}, {"CONFERENCE", 12, ""}, {"CONVENING", 30, ""}, {"WORKSHOP", 20, ""}, {"INSTITUTE", 8, ""},
		{"SITE_VISIT", 8, ""}, {"WEBINAR", 8, ""}, {"PRESENTATION", 2, ""},
	}
	participantRoles = kinds{
		{"HONOREE", 5, ""}, {"PRESENTER", 25, ""}, {"SPEAKER", 15, ""}, {"PANELIST", 12, ""}, {"MODERATOR", 4, ""}, {"FACILITATOR", 8, ""},
		{"HOST", 3, ""}, {"ORGANIZER", 5, ""}, {"AUTHOR", 3, ""}, {"VISITOR", 5, ""}, {"PARTICIPANT", 15, ""},
	}
	practiceKinds = kinds{
		{"METHOD", 20, ""}, {"PRINCIPLE", 12, ""}, {"ROUTINE", 22, ""}, {"TOOL", 18, ""}, {"MEASURE", 12, ""}, {"CHANGE_IDEA", 16, ""},
	}
	resourceKinds = kinds{
		{"BOOK", 12, ""}, {"ARTICLE", 35, ""}, {"CASE", 15, ""}, {"GUIDE", 15, ""}, {"TOOL", 8, ""}, {"VIDEO", 8, ""}, {"COURSE", 3, ""},
		{"COLLECTION", 4, ""},
	}
	channelKinds = kinds{
		{"NIC", 47, ""}, {"COACHING", 12, ""}, {"COURSE", 3, ""}, {"PROGRAM", 9, ""}, {"EVENT", 5, ""}, {"SITE_VISIT", 1, ""}, {"RESOURCE", 15, ""}, {"PARTNERSHIP", 7, ""}, {"PERSON", 1, ""},
	}
	precisions = kinds{
		{"UNKNOWN", 35, ""}, {"YEAR", 31, ""}, {"APPROXIMATE", 19, ""}, {"MONTH", 7, ""}, {"RANGE", 4, ""}, {"SCHOOL_YEAR", 3, ""}, {"SEASON", 1, ""},
	}
	stages = kinds{
		{"ADOPTED", 29, ""}, {"LEARNED", 25, ""}, {"TRIED", 19, ""}, {"ADAPTED", 10, ""}, {"SPREAD", 9, ""}, {"", 8, ""},
	}
	regions = kinds{
		{"CA", 22, ""}, {"", 18, ""}, {"IL", 6, ""}, {"NY", 6, ""}, {"TX", 6, ""}, {"WA", 5, ""}, {"PA", 5, ""}, {"CT", 3, ""}, {"FL", 3, ""},
		{"OH", 3, ""}, {"MA", 3, ""}, {"GA", 3, ""}, {"TN", 3, ""}, {"CO", 3, ""}, {"MN", 2, ""}, {"WI", 2, ""}, {"AZ", 2, ""}, {"Queensland", 2, ""},
		{"Scotland", 1, ""}, {"Región Metropolitana", 1, ""}, {"Île-de-France", 1, ""},
	}
)

// countries are those of the regions that lie outside the United States.
var countries = map[string]string{"Queensland": "AU", "Scotland": "GB", "Región Metropolitana": "CL", "Île-de-France": "FR"}

// channels are where a way of learning leads: to a row of which table, and in what share of the rows.
var channels = map[string]struct {
	table string
	named float64
}{
	"NIC":         {"networks", 0.95},
	"COACHING":    {"programs", 0.5},
	"COURSE":      {"programs", 0.9},
	"PROGRAM":     {"programs", 0.95},
	"EVENT":       {"events", 1.0},
	"SITE_VISIT":  {"events", 0.7},
	"RESOURCE":    {"resources", 0.95},
	"PARTNERSHIP": {"networks", 0.5},
}

var (
	givenNames = strings.Fields("Ana Maria James Wei José Aisha Robert Linda Chidi Fatima Søren Zoë Daniel Ruth Noah Mei Omar Grace Elena Ivan Priya Samuel Yuki Ángel Chloé " +
		"Tomás Nia Peter Sofía Kwame Leila Hanna Victor Amara Jürgen Rosa Tariq Emily Malik Ingrid Diego Keiko Paul Simone Ravi Olga Bruce Tamika " +
		"Lars Esther Hugo Joy")
	familyNames = strings.Fields("García Smith Nguyen Johnson Okafor Lee Müller Brown Hernández Davis Kim Wilson Núñez Patel Jones Chen O'Brien Žižka Anderson Silva Yamada " +
		"Haddad Cohen Rossi Novák Dubois Kowalski Ali Moreau Jensen Park Singh Torres Walker Young Castillo Bryant Łuczak Ibrahim Fischer Ortiz Reed " +
		"Sato Evans Diaz Begaye Kealoha D'Angelo Brandt Mensah Ng Romero Tran Ward Xu Yilmaz Zhang Abebe Blake Cruz")
	placeStarts = strings.Fields("Oak River Lake Cedar Spring Peñ Cañ San Santa Mount Fair Wood Ash Elm Brook Green White Red Clear North South East West Glen Stone Maple " +
		"Silver Gold Blue Iron High Mill Ross Ken Lin Mar Har Bel Dan Ever Wal Tor Al Mon Vel")
	placeEnds = strings.Fields("field ton ville dale port wood view brook mont ridge ford haven land side burg crest bury ham well gate bridge son ley stead more")
	focuses   = strings.Split("Ninth Grade Success|Better Math Teaching|Early Literacy|Belonging|College Match|Student Agency|Attendance|English Learners|Rural Schools|"+
		"Teacher Residency|Advising|Science Practice|Special Education|Family Engagement|Principal Pipeline|Mastery Learning|Career Pathways|"+
		"Community College|Math Pathways|Early Warning", "|")
	practiceFirsts = strings.Fields("Daily Weekly 90-Day Quick Student-led Peer Shared Visual Structured Empathy Data Learning Rapid Exit Entry Formative Restorative Team " +
		"Classroom Home Equity Growth Feedback Process Driver Cause Root Aim Change Story Belonging Number Reading Writing Mindset Coaching " +
		"Scheduling On-track Transition Family Bilingual Small-group Cross-school Ninth-grade Math Lesson Inquiry Test Run Balance Outcome Practical " +
		"Common Annotated Silent Paired Whole-school Warm-up Closing Improvement Variation Adaptive Nested")
	practiceSeconds = strings.Fields("routine protocol diagram huddle interview cycle chart review check-in study map measure survey conversation plan board walk journal meeting " +
		"rubric tracker visit talk ticket conference debrief template agreement card consultancy ladder dashboard log sprint scan inventory notebook " +
		"exchange reflection prompt sequence norm guide canvas storyboard sort timeline scorecard roster")
	titles = strings.Split("Superintendent|Improvement Advisor|Principal|Director of Continuous Improvement|Professor|President|Program Officer|Network Hub Director|"+
		"Teacher Leader|Chief Academic Officer|Coach|Research Associate|Data Analyst|Executive Director (in 2019)", "|")
	sentences = []string{
		"The team tested the change in three classrooms before the whole school took it up.",
		"Its page names the training but not the day.",
		"Staff brought the routine home from the spring convening, then rewrote it for their own grade level.",
		"A later report gives other numbers.",
		"Coaches visited twice a month and looked at run charts with the teachers.",
		"The district counts 14 schools, the network page 12.",
		"Attendance rose from 81% to 93% in two years.",
		"Members met every six weeks to compare what they had learned.",
		"The first cycle failed; the second, with a smaller class, did not.",
		"It now teaches the practice to its neighbors.",
	}
	awkward = []string{
		"She called it \"a mirror, not a hammer\", and kept it.",
		"Line one of the quote,\nline two of it;\nand \"three\".",
		"O'Neil's note: 100% \\ 50% {not} $json [nor] <html> & co.",
		"Ünïcode — naïve façade, 改善 (kaizen), تحسين, улучшение 🙂.",
		"'); MATCH (n) DETACH DELETE n; //",
		"\"\"",
		"null",
		"-1e3, \"a;b\", =SUM(A1)",
	}
	oddPlaces  = []string{"Coeur d'Alene", "Cañon City", "Peñasco", "São Bento", "Kahoʻolawe", "Zürich-Nord", "La Línea", "Ōtautahi", "Châteauguay", "\"Bright\" Futures"}
	levels     = []string{"Exploring", "Emerging", "Sustaining", "Proof point"}
	dimensions = []string{"Pillar", "Culture", "Methods"}
)
