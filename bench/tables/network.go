package tables

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// generator draws a network of organizations, people and what they learned from each other.
type generator struct {
	*rand.Rand
	scale   float64
	names   map[string]bool // in lower case, with the table before
	ids     map[string]bool
	sources []string
	cited   int // sources up to here are cited

	organizations, networks, people, programs, recognitions, practices, resources, events, frameworks []entity
	cohorts, standards                                                                                []entity
	ranked                                                                                            map[string][]string
}

type entity struct{ id, name, kind string }

// Network is a network of improvement in education: at scale 1 about 11,000 nodes and 50,000 links,
// at 100 a million and five million. Names, texts, dates and vocabularies are like those of the data that
// comes with the program; who is linked to whom has heavy tails; practices are passed on in chains and taught back.
func Network(scale float64, seed uint64) []Table {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, math.Float64bits(scale))), scale: scale, names: map[string]bool{}, ids: map[string]bool{}}
	for i := range g.linear(400) {
		g.sources = append(g.sources, fmt.Sprintf("s-%06d", i+1))
	}
	g.things()
	g.rank()
	return []Table{
		{"organizations", "id,name,aliases,kind,city,region,country,website,founded,summary,source_ids", g.writeOrganizations},
		{"networks", "id,name,aliases,kind,aim,hub_id,started,ended,website,summary,source_ids", g.writeNetworks},
		{"people", "id,name,aliases,summary,source_ids", g.writePeople},
		{"roles", "id,person_id,body_id,title,started,ended,seen_in,source_ids,note", g.writeRoles},
		{"memberships", "id,member_id,network_id,role,started,ended,source_ids,note", g.writeMemberships},
		{"programs", "id,name,aliases,kind,operator_id,started,ended,website,summary,criteria,source_ids", g.writePrograms},
		{"events", "id,name,kind,starts_on,ends_on,city,region,country,organizer_id,program_id,source_ids,note", g.writeEvents},
		{"cohorts", "id,program_id,year,name,announced_on,event_id,theme,source_ids", g.writeCohorts},
		{"recognitions", "id,cohort_id,honoree_id,joint_with,category,citation,results,source_ids", g.writeRecognitions},
		{"participations", "id,participant_id,event_id,role,source_ids,note", g.writeParticipations},
		{"practices", "id,name,aliases,kind,summary,broader_id,origin_id,source_ids", g.writePractices},
		{"resources", "id,title,kind,year,url,identifiers,publisher_id,summary,source_ids", g.writeResources},
		{"resource_authors", "resource_id,author_id", g.writeAuthors},
		{"resource_practices", "resource_id,practice_id", g.writeTaught},
		{"frameworks", "id,name,publisher_id,resource_id,summary,source_ids", g.writeFrameworks},
		{"standards", "id,framework_id,dimension,title,definition,source_ids", g.writeStandards},
		{"standard_levels", "id,standard_id,level,name,definition,source_ids", g.writeLevels},
		{"learnings", "id,learner_id,teacher_id,practice_id,channel_kind,channel_id,started,date_precision,stage,evidence,confidence,source_ids", g.writeLearnings},
		{"sources", "id,title,url,publisher,published_on,note", g.writeSources},
	}
}

func (g *generator) linear(n float64) int { return max(2, int(math.Round(n*g.scale))) }

// slow grows slower than the rest: there are fewer practices than bodies that use them.
func (g *generator) slow(n float64) int { return max(2, int(math.Round(n*math.Pow(g.scale, 0.6)))) }

// things draws the ids, names and kinds of all that the facts are about.
func (g *generator) things() {
	g.organizations = g.named("o", g.linear(900), organizationKinds, func(k string) string {
		return strings.ReplaceAll(organizationKinds.pattern(k), "{}", g.place())
	})
	g.networks = g.named("n", g.linear(150), networkKinds, func(k string) string { return g.about(networkKinds.pattern(k)) })
	g.people = g.named("p", g.linear(1400), nil, func(string) string { return g.personName() })
	g.recognitions = g.named("pr", g.linear(3), nil, func(string) string { return g.about(programKinds.pattern("RECOGNITION")) })
	for i := range g.recognitions {
		g.recognitions[i].kind = "RECOGNITION"
	}
	others := g.linear(40) - len(g.recognitions)
	g.programs = append(slices.Clone(g.recognitions), g.named("pr", max(0, others), programKinds, func(k string) string { return g.about(programKinds.pattern(k)) })...)
	g.practices = g.named("c", g.slow(200), practiceKinds, func(string) string { return g.practiceName() })
	g.resources = g.named("r", g.linear(300), resourceKinds, func(string) string { return g.practiceName() + " for " + g.place() + " schools" })
	for range g.linear(200) { // events may be called the same
		kind := g.kind(eventKinds)
		name := g.about("{} " + strings.ToLower(strings.ReplaceAll(kind, "_", " ")))
		g.events = append(g.events, entity{g.newID(name), name, kind})
	}
	g.frameworks = g.named("f", g.slow(6), nil, func(string) string { return g.about("{} Framework") })
	g.names = nil
	g.belonging()
}

// belonging lists what belongs to one of the others.
func (g *generator) belonging() {
	for _, r := range g.recognitions {
		for year := firstYear; year <= lastYear; year++ {
			g.cohorts = append(g.cohorts, entity{fmt.Sprintf("%s-%d", r.id, year), fmt.Sprintf("%s %d", r.name, year), r.id})
		}
	}
	for _, f := range g.frameworks {
		for i := range 6 {
			g.standards = append(g.standards, entity{fmt.Sprintf("st-%s-%d", f.id, i+1), g.practiceName(), f.id})
		}
	}
}

func (g *generator) about(pattern string) string {
	return strings.ReplaceAll(pattern, "{}", g.place()+" "+g.one(focuses))
}

func (g *generator) practiceName() string {
	return g.one(practiceFirsts) + " " + g.one(practiceSeconds)
}

func (g *generator) personName() string {
	name := g.one(givenNames)
	if g.chance(0.4) {
		name += " " + string("ABCDEFGHJKLMNPRSTVW"[g.IntN(19)]) + "."
	}
	name += " " + g.one(familyNames)
	if g.chance(0.25) {
		name += "-" + g.one(familyNames)
	}
	return name
}

func (g *generator) named(table string, n int, of kinds, name func(kind string) string) []entity {
	all := make([]entity, n)
	for i := range all {
		kind := ""
		if of != nil {
			kind = g.kind(of)
		}
		all[i].name = g.newName(table, func() string { return name(kind) })
		all[i].id, all[i].kind = g.newID(all[i].name), kind
	}
	return all
}

// newName is one that no row of the table has; after some tries it gets a number.
func (g *generator) newName(table string, draw func() string) string {
	name := draw()
	for i := 0; g.names[table+strings.ToLower(name)]; i++ {
		name = draw()
		if i >= 4 {
			name += fmt.Sprintf(" %d", g.between(2, 10+20*i))
		}
	}
	g.names[table+strings.ToLower(name)] = true
	return name
}

func (g *generator) newID(name string) string {
	base := slug(name)
	id := base
	for i := 2; g.ids[id]; i++ {
		number := i
		if i >= 5 {
			number = g.between(5, 10_000_000)
		}
		id = fmt.Sprintf("%s-%d", base, number)
	}
	g.ids[id] = true
	return id
}

// rank lists what is more and less often drawn, by table; that has nothing to do with the order
// of the rows.
func (g *generator) rank() {
	g.ranked = map[string][]string{}
	for _, t := range []struct {
		table string
		all   []entity
	}{{"organizations", g.organizations}, {"networks", g.networks}, {"people", g.people}, {"programs", g.programs}, {"practices", g.practices}, {"resources", g.resources}, {"events", g.events}} {
		g.ranked[t.table] = g.shuffled(ids(t.all))
	}
	g.ranked["bodies"] = g.shuffled(slices.Concat(g.ranked["organizations"], g.ranked["networks"]))
}

func ids(all []entity) []string {
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].id
	}
	return ids
}

func (g *generator) shuffled(ids []string) []string {
	g.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids
}

func (g *generator) body(power float64) string { return g.tail(g.ranked["bodies"], power) }

// party draws an organization, a network or else a person.
func (g *generator) party(organization, network, power float64) string {
	switch draw := g.Float64(); {
	case draw < organization:
		return g.tail(g.ranked["organizations"], power)
	case draw < organization+network:
		return g.tail(g.ranked["networks"], power)
	default:
		return g.tail(g.ranked["people"], power)
	}
}

// distinct draws keys until there are n of them, and leaves out what was drawn before.
func distinct(n int, draw func() [3]string, visit func(number int, key [3]string)) {
	seen := make(map[[3]string]bool, n)
	for len(seen) < n {
		if key := draw(); !seen[key] {
			seen[key] = true
			visit(len(seen), key)
		}
	}
}

func number(n int) string { return strconv.Itoa(n) }
