package main

const fromPackage = "Published with the R package netdiffuseR 1.25.0 under the MIT License; no separate licence is named for the data."

// sources are the rows of sources.csv behind the id: title, address, publisher, date, note.
var sources = map[string][]string{
	"s-netdiffuser": {
		"netdiffuseR: Analysis of Diffusion and Contagion Processes on Networks", "https://doi.org/10.5281/zenodo.1039317",
		"George G. Vega Yon, Anibal Olivera Morales and Thomas W. Valente", "",
		"R package version 1.25.0, repository USCCANA/netdiffuseR, commit f16350e503126db0f8f3384ce8afcbefde28f83d. MIT License, copyright (c) 2018 Thomas W. Valente.",
	},
	"s-valente-vega-yon-2020": {
		"Diffusion/Contagion Processes on Social Networks", "https://doi.org/10.1177/1090198120901497", "Health Education & Behavior", "2020",
		"Thomas W. Valente and George G. Vega Yon, 47(2), 235-248.",
	},
	"s-coleman-katz-menzel-1966": {"Medical Innovation: A Diffusion Study", "", "Bobbs-Merrill", "1966", "James S. Coleman, Elihu Katz and Herbert Menzel."},
	"s-rogers-kincaid-1981": {
		"Communication Networks: Toward a New Paradigm for Research", "", "Free Press", "1981", "Everett M. Rogers and D. Lawrence Kincaid.",
	},
	"s-valente-1995": {"Network Models of the Diffusion of Innovations", "", "Hampton Press", "1995", "Thomas W. Valente."},
}

// sets are the data sets, with the facts that their README states.
var sets = []set{
	{
		name: "fakesurvey", sources: []string{"s-netdiffuser", "s-valente-vega-yon-2020"},
		who: "Made-up person", group: "group", summary: "A made-up participant of a made-up study.",
		studies: []study{{
			id: "fakesurvey", name: "Fake survey", summary: "A made-up study that is small enough to be worked out by hand.",
			population: "Nine made-up people in two groups.", asked: "Each person names some others.", unit: "WAVE", first: 1, last: 5, licence: fromPackage,
		}},
		practices: []practice{{id: "fakesurvey-practice", name: "Practice of the fake survey", summary: "A made-up practice."}},
	},
	{
		name: "fakesurveydyn", sources: []string{"s-netdiffuser", "s-valente-vega-yon-2020"},
		who: "Made-up person", group: "group", summary: "A made-up participant of a made-up study.",
		studies: []study{{
			id: "fakesurveydyn", name: "Fake survey, asked twice", summary: "A made-up study in which the same people were asked in two years, so that ties change.",
			population: "Nine made-up people in two groups.", asked: "Each person names some others in each year.", unit: "YEAR", first: 1990, last: 1991, starts: "1990", licence: fromPackage,
		}},
		practices: []practice{{id: "fakesurveydyn-practice", name: "Practice of the fake survey, asked twice", summary: "A made-up practice."}},
	},
	{
		name: "medinnovations", sources: []string{"s-coleman-katz-menzel-1966", "s-valente-1995", "s-netdiffuser", "s-valente-vega-yon-2020"},
		who: "Physician", group: "city", summary: "A participant of the Columbia study of physicians, known by a number alone.",
		studies: []study{{
			id: "medinnovations", name: "Medical Innovation", summary: "When physicians in four cities of Illinois first prescribed tetracycline, 1953 to 1955, and whom they turned to.",
			population: "125 physicians in four cities of Illinois.",
			asked:      "Each named up to three physicians for advice (net1), discussion (net2) and friendship (net3); the digit behind the underscore is the rank of the answer. Prescriptions date the adoptions.",
			unit:       "MONTH", first: 1, last: 18, licence: fromPackage,
		}},
		practices: []practice{{id: "tetracycline", name: "Tetracycline", summary: "Prescribing the antibiotic tetracycline, new in 1953."}},
		answers:   true,
	},
	{
		name: "kfamily", sources: []string{"s-rogers-kincaid-1981", "s-valente-1995", "s-netdiffuser", "s-valente-vega-yon-2020"},
		who: "Woman", group: "village", summary: "A participant of the Korean family planning study, known by a number alone.",
		studies: []study{{
			id: "kfamily", name: "Korean Family Planning", summary: "When married women in 25 Korean villages took up family planning, 1963 to 1973, and with whom they talked.",
			population: "All 1,047 married women of child-bearing age in 25 villages.",
			asked: "Asked in 1973 by the Seoul National University School of Public Health. The digit behind net is the question: 1 talks about family planning, 2 closest neighbour, 3 advice on family planning sought, " +
				"4 the same given, 5 advice on abortion, 6 on health, 7 on purchases, 8 on children's education; the last digit is the rank of the answer.",
			unit: "YEAR", first: 1, last: 11, starts: "1963", licence: fromPackage,
		}},
		practices: []practice{{id: "family-planning", name: "Family planning", summary: "Use of a method of family planning."}},
		answers:   true,
	},
	{
		name: "epigames", sources: []string{"s-netdiffuser", "s-valente-vega-yon-2020"},
		who: "Player", summary: "A player of an outbreak game, known by a number alone.",
		studies: []study{
			{
				id: "epigames", name: "Epi Game", summary: "How a make-believe infection passed between the players of an outbreak game, by days.",
				population: "594 players of the WKU Epi Game simulation.", asked: "Contacts were recorded by the game: a tie begins on the day of the first contact and stays. An adoption is the day of the first infection.",
				unit: "DAY", first: 1, last: 15, licence: fromPackage,
			},
			{
				id: "epigames-contacts", name: "Epi Game, contacts by the hour", summary: "The contacts of the players of an outbreak game, each in its hour and from both sides.",
				population: "594 players of the WKU Epi Game simulation.", asked: "Contacts were recorded by the game. The weight is the strength or length of a contact as the game gives it; its unit is not stated.",
				unit: "HOUR", first: 1, last: 360, licence: fromPackage,
			},
		},
		practices: []practice{{id: "epigames-infection", name: "Make-believe infection", summary: "What the players of an outbreak game pass on: an infection of the game, recorded like a practice."}},
		contacts:  true,
	},
	{
		name: "simmulti", sources: []string{"s-netdiffuser", "s-valente-vega-yon-2020"},
		who: "Simulated person", group: "cohort", summary: "A person in a simulation.",
		studies: []study{{
			id: "simmulti", name: "Three simulated practices", summary: "Three practices that spread over one simulated network of four cohorts.",
			population: "240 simulated people on a small-world network; a cohort is a block of 60 neighbours on the ring.",
			asked:      "Simulated with rdiffnet of netdiffuseR; it is nobody's survey.", unit: "WAVE", first: 1, last: 12, licence: "Simulated; the licence of this repository.",
		}},
		practices: []practice{
			{id: "simmulti-alpha", named: "alpha", name: "Simulated practice alpha", summary: "One of three simulated practices."},
			{id: "simmulti-beta", named: "beta", name: "Simulated practice beta", summary: "One of three simulated practices."},
			{id: "simmulti-gamma", named: "gamma", name: "Simulated practice gamma", summary: "One of three simulated practices."},
		},
	},
}
