package spreading

import (
	"context"

	"nicgraph/internal/computed"
	"nicgraph/internal/population"
)

// covariatesName is the key of covariates.
type covariatesName struct{}

// Covariates are what the graph says of the members, by place.
func (s *Spread) Covariates(ctx context.Context) ([]population.Covariate, error) {
	all, err := computed.Read(ctx, s.view, measureName{s.key, covariatesName{}}, func(ctx context.Context) ([]population.Covariate, error) {
		return population.ReadCovariates(ctx, s.view.Engine, s.IDs)
	})
	return all, computed.JustChanged(err)
}
