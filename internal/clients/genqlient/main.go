// Program genqlient asks who learned a practice since a day, with the client that genqlient makes
// of operations.graphql. Usage: go run . ADDRESS PRACTICE DAY
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/Khan/genqlient/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// answer is what the program prints.
type answer struct {
	Total     int       `json:"total"`
	Pages     int       `json:"pages"`
	Learnings []learned `json:"learnings"`
	Refused   string    `json:"refused"` // the code of the answer to a page that is too large
}

type learned struct {
	ID      string        `json:"id"`
	Learner string        `json:"learner"`
	Region  *string       `json:"region"` // of organizations
	Started *string       `json:"started"`
	Stage   LearningStage `json:"stage"`
}

func main() {
	client := graphql.NewClient(os.Args[1], http.DefaultClient)
	found, err := ask(context.Background(), client, os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(found)
}

func ask(ctx context.Context, client graphql.Client, practice, since string) (a answer, err error) {
	stages := []LearningStage{LearningStageTried, LearningStageAdopted, LearningStageAdapted, LearningStageSpread}
	for after := (*string)(nil); ; {
		page, err := Learned(ctx, client, practice, since, stages, 2, after)
		if err != nil {
			return a, fmt.Errorf("ask for page %d: %w", a.Pages+1, err)
		}
		a.Pages++
		a.Total = page.Learnings.TotalCount
		for _, fact := range page.Learnings.Nodes {
			a.Learnings = append(a.Learnings, row(fact))
		}
		if after = page.Learnings.PageInfo.EndCursor; !page.Learnings.PageInfo.HasNextPage {
			break
		}
	}
	_, err = Learned(ctx, client, practice, since, stages, 5000, nil)
	a.Refused = code(err)
	return a, nil
}

func row(fact Fact) learned {
	out := learned{ID: fact.Id, Learner: fact.Learner.GetName(), Started: fact.Started, Stage: *fact.Stage}
	if organization, ok := fact.Learner.(*FactLearnerOrganization); ok {
		out.Region = organization.Region
	}
	return out
}

// code tells errors apart for a program; the message is for people.
func code(err error) string {
	var list gqlerror.List
	var refused *graphql.HTTPError // most refusals come with a status other than 200
	if errors.As(err, &refused) {
		list = refused.Response.Errors
	}
	if len(list) == 0 && !errors.As(err, &list) {
		return ""
	}
	text, _ := list[0].Extensions["code"].(string)
	return text
}
