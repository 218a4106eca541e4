package tables

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// People are so many people and one source.
func People(n int) []Table {
	return []Table{
		{"sources", "id,title,url,publisher,published_on,note", once("s-1", "A list of people", "", "Nobody", "", "")},
		{"people", "id,name,aliases,summary,source_ids", func(add func(...string)) {
			for i := range n {
				add(fmt.Sprintf("person-%d", i), fmt.Sprintf("Person Number %d", i), "P", "Somebody who improves schools.", "s-1")
			}
		}},
	}
}

const periods = 10

// Study is a study of so many people, each of whom names others at random, and ten of eleven of whom
// adopt in one of ten periods.
func Study(people, ties int) []Table {
	random := rand.New(rand.NewPCG(1, 2))
	return []Table{
		{"sources", "id,title,url,publisher,published_on,note", once("s", "A made-up study", "", "Nobody", "", "")},
		{"practices", "id,name,aliases,kind,summary,broader_id,origin_id,source_ids", once("practice", "A practice", "", "METHOD", "Made up.", "", "", "s")},
		{"studies", "id,name,aliases,summary,population,asked,period_unit,first_period,last_period,starts_on,licence,source_ids",
			once("study", "A made-up study", "", "Made up.", "Everybody.", "", "WAVE", "1", strconv.Itoa(periods), "", "", "s")},
		{"people", "id,name,aliases,summary,source_ids", func(add func(...string)) {
			for i := range people {
				add(person(i), fmt.Sprintf("Person %d", i), "", "Somebody who was asked.", "s")
			}
		}},
		{"enrollments", "id,study_id,participant_id,group,asked,last_period", func(add func(...string)) {
			for i := range people {
				add(fmt.Sprintf("e-%d", i), "study", person(i), fmt.Sprintf("village %d", i%50), "true", "")
			}
		}},
		{"adoptions", "id,study_id,adopter_id,practice_id,first_period,last_period,censoring", func(add func(...string)) {
			for i := range people {
				if period := random.IntN(periods + 1); period > 0 {
					add(fmt.Sprintf("a-%d", i), "study", person(i), "practice", strconv.Itoa(period), "", "EXACT")
				}
			}
		}},
		{"ties", "id,study_id,learner_id,source_id,kind,weight,first_period,last_period", func(add func(...string)) {
			for i := range people {
				for k := range ties {
					add(fmt.Sprintf("t-%d-%d", i, k), "study", person(i), person(random.IntN(people)), "advice", "", "", "")
				}
			}
		}},
	}
}

func person(i int) string { return "p-" + strconv.Itoa(i) }
