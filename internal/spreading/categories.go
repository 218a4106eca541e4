package spreading

import (
	"context"

	"nicgraph/internal/computed"
	"nicgraph/internal/population"
	"nicgraph/internal/spread"
)

const nonAdopter = "NON_ADOPTER"

// The names of categories, by spread.Category.
var (
	adopterCategories   = [...]string{spread.EarlyAdopter: "EARLY_ADOPTER", spread.EarlyMajority: "EARLY_MAJORITY", spread.LateMajority: "LATE_MAJORITY", spread.Laggard: "LAGGARD"}
	thresholdCategories = [...]string{spread.VeryLowThreshold: "VERY_LOW", spread.LowThreshold: "LOW", spread.HighThreshold: "HIGH", spread.VeryHighThreshold: "VERY_HIGH"}
)

// categoriesName is the key of categories of adopters.
type categoriesName struct{}

// categories are early and late adopters.
func (s *Spread) categories(ctx context.Context) (*spread.Categories, error) {
	return memo(ctx, s, categoriesName{}, func(context.Context) (*spread.Categories, error) {
		return spread.Classify(s.Panel.AdoptionTimes()), nil
	})
}

// category is the category of a member; missing while there are too few adopters to cut.
func (s *Spread) category(ctx context.Context, person int32) (any, error) {
	c, err := s.categories(ctx)
	if err != nil {
		return nil, err
	}
	return computed.OrNull(s.categoryIn(adopterCategories[:], c, person)), nil
}

// categoryIn is the name of a member's category; empty where it has none.
func (p *panel) categoryIn(names []string, c *spread.Categories, person int32) string {
	if p.never(person) {
		return nonAdopter
	}
	return names[c.Of[person]]
}

// known is a number of those who never adopted: none where nobody knows.
func (p *panel) known(never int) int {
	if p.unobserved() {
		return 0
	}
	return never
}

func (s *Spread) categoriesRecord(ctx context.Context) (any, error) {
	c, err := s.categories(ctx)
	if err != nil {
		return nil, err
	}
	times := spread.Describe(s.Panel.AdoptionTimes())
	var counts []computed.Record
	for i, name := range adopterCategories {
		if name != "" {
			counts = append(counts, s.categoryCount(name, c.Count[i]))
		}
	}
	never := s.known(len(s.IDs) - times.Count)
	return computed.Object{
		"mean": times.Mean, "standardDeviation": times.SD, "early": c.Cutoffs[0], "late": c.Cutoffs[2],
		"categories": append(counts, s.categoryCount(nonAdopter, never)),
	}, nil
}

func (s *Spread) categoryCount(name string, count int) computed.Record {
	return computed.Object{"category": name, "count": count, "share": float64(count) / float64(len(s.IDs)-s.Counts.Unobserved)}
}

// thresholdsName is the key of thresholds.
type thresholdsName struct{ exposure exposureName }

// thresholds are how exposed members were when they adopted, and their categories.
type thresholds struct {
	*spread.Thresholds
	categories *spread.Categories
}

func (s *Spread) thresholds(ctx context.Context, lag int) (*thresholds, error) {
	if err := checkLag("lag", lag, s.Panel.Periods); err != nil {
		return nil, err
	}
	o, err := s.exposureOptions(ctx, lag)
	if err != nil {
		return nil, err
	}
	return memo(ctx, s, thresholdsName{s.exposureName(lag)}, func(ctx context.Context) (*thresholds, error) {
		all, err := s.Panel.Thresholds(ctx, o)
		if err != nil {
			return nil, err
		}
		return &thresholds{all, spread.Classify(all.Value)}, nil
	})
}

func (s *Spread) threshold(ctx context.Context, person int32, args computed.Args) (any, error) {
	all, err := s.thresholds(ctx, args.Number("lag", s.Settings.Lag))
	if err != nil {
		return nil, err
	}
	return all.Value[person], nil
}

// thresholdCategory is the category of a member's threshold at the lag of the question.
func (s *Spread) thresholdCategory(ctx context.Context, person int32) (any, error) {
	all, err := s.thresholds(ctx, s.Settings.Lag)
	if err != nil {
		return nil, err
	}
	return computed.OrNull(s.categoryIn(thresholdCategories[:], all.categories, person)), nil
}

func (s *Spread) thresholdsRecord(ctx context.Context, args computed.Args) (any, error) {
	lag := args.Number("lag", s.Settings.Lag)
	all, err := s.thresholds(ctx, lag)
	if err != nil {
		return nil, err
	}
	d := spread.Describe(all.Value)
	var counts []computed.Record
	for i, name := range thresholdCategories {
		if name != "" {
			counts = append(counts, computed.Object{"category": name, "count": all.categories.Count[i]})
		}
	}
	return computed.Object{
		"lag": lag, "count": d.Count, "leftCensored": all.LeftCensored, "undefined": all.TooEarly + all.NamesNobody,
		"mean": d.Mean, "standardDeviation": d.SD, "median": d.Median, "low": all.categories.Cutoffs[0], "high": all.categories.Cutoffs[2],
		"categories": append(counts, computed.Object{"category": nonAdopter, "count": s.known(all.Never)}),
		"groups":     computed.Lazy(func(computed.Args) (any, error) { return s.groupThresholds(all.Value), nil }),
	}, nil
}

func (s *Spread) groupThresholds(values []float64) []computed.Record {
	of := make([][]float64, len(s.Groups))
	for i, v := range values {
		if g := s.groupPlace(i); g != population.Outside {
			of[g] = append(of[g], v)
		}
	}
	all := make([]computed.Record, len(s.Groups))
	for i, name := range s.Groups {
		d := spread.Describe(of[i])
		all[i] = computed.Object{"name": name, "count": d.Count, "mean": d.Mean, "median": d.Median}
	}
	return all
}

// groupPlace is the place of a member's group.
func (p *panel) groupPlace(person int) int32 {
	if p.Panel.Group == nil {
		return population.Outside
	}
	return p.Panel.Group[person]
}

// categoryTable counts members by category of adopters and of thresholds.
func (s *Spread) categoryTable(ctx context.Context) (any, error) {
	c, err := s.categories(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.thresholds(ctx, s.Settings.Lag)
	if err != nil {
		return nil, err
	}
	var count [len(adopterCategories)][len(thresholdCategories)]int
	for i := range s.IDs {
		count[c.Of[i]][all.categories.Of[i]]++
	}
	var cells []computed.Record
	for i, category := range adopterCategories {
		for k, threshold := range thresholdCategories {
			if category != "" && threshold != "" {
				cells = append(cells, computed.Object{"category": category, "threshold": threshold, "count": count[i][k]})
			}
		}
	}
	return append(cells, computed.Object{"category": nonAdopter, "threshold": nonAdopter, "count": s.known(all.Never)}), nil
}
