package mishaps

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// family is a person whom the server hides, shows, erases and creates again, with forty facts, while it is
// killed.
type family struct {
	*testing.T
	*program
}

// people is what the server tells of the person.
type people struct {
	People        struct{ TotalCount int }
	Roles         struct{ TotalCount int }
	Hidden        []struct{ Number int }
	Organizations struct {
		Nodes []struct{ Leaders struct{ TotalCount int } }
	}
}

func (f family) look() (is people) {
	f.Helper()
	must(f.T, f.ask(f.Context(), &is, `{ people { totalCount } roles { totalCount } hidden: hiddenPersons { number } organizations { nodes { leaders { totalCount } } } }`, nil))
	return is
}

// whole checks that the person is there with everything, or not at all.
func (f family) whole() people {
	f.Helper()
	is := f.look()
	leads := 0
	for _, o := range is.Organizations.Nodes {
		leads += o.Leaders.TotalCount
	}
	there, nobody := is.People.TotalCount == 1 && is.Roles.TotalCount == 40 && leads == 1, is.People.TotalCount+is.Roles.TotalCount+leads == 0
	if !there && !nobody || there && len(is.Hidden) > 0 || len(is.Hidden) > 1 {
		f.Errorf("the person is half there: %+v", is)
	}
	return is
}

// goOn does what comes next, until the server is killed.
func (f family) goOn(ctx context.Context) {
	var roles []string
	for i := range 40 {
		roles = append(roles, fmt.Sprintf(`{id: "role-%d", holder: "ada", body: "o", title: "T", sources: "s"}`, i))
	}
	for is, err := (people{}), error(nil); err == nil; {
		if err = f.ask(ctx, &is, `{ people { totalCount } hidden: hiddenPersons { number } }`, nil); err != nil {
			return
		}
		var done any
		switch {
		case is.People.TotalCount == 0 && len(is.Hidden) == 0:
			err = f.ask(ctx, &done, `mutation { upsertSources(input: {id: "s", title: "S", publisher: "P"}) { created } upsertOrganizations(input: {id: "o", name: "O", kind: SCHOOL, country: "US", summary: "x", sources: "s"}) { created } }`, nil)
			if err == nil {
				err = f.ask(ctx, &done, `mutation { createPeople(input: {id: "ada", name: "Ada Goneaway", summary: "x", sources: "s"}) { created } createRoles(input: [`+strings.Join(roles, ", ")+`]) { created } }`, nil)
			}
		case len(is.Hidden) > 0:
			action := []string{"showPerson", "erasePerson"}[rand.N(2)]
			err = f.ask(ctx, &done, fmt.Sprintf(`mutation { %s(number: %d) { things } }`, action, is.Hidden[0].Number), nil)
		default:
			action := []string{"hidePerson", "hidePerson", "erasePerson"}[rand.N(3)]
			err = f.ask(ctx, &done, fmt.Sprintf(`mutation { %s(id: "ada") { things } }`, action), nil)
		}
	}
}

// The first write after a kill may find the person without the roles: these come in a write of
// their own. All that is withdrawn goes at once.
func TestAPersonIsHiddenWhollyOrNotAtAllWhateverKillsTheServer(t *testing.T) {
	dir := t.TempDir()
	withdrawn := 0
	for range *kills {
		f := family{t, serve(t, "--data", dir)}
		if is := f.look(); is.Roles.TotalCount == 0 && is.People.TotalCount == 1 { // killed between the two writes
			var done any
			must(t, f.ask(t.Context(), &done, `mutation { erasePerson(id: "ada") { things } }`, nil))
		}
		if is := f.whole(); len(is.Hidden) > 0 {
			withdrawn++
		}
		if t.Failed() {
			return
		}
		time.AfterFunc(rand.N(250*time.Millisecond), func() { _ = f.cmd.Process.Kill() })
		f.goOn(t.Context())
		f.kill()
	}
	if out, err := exec.Command(binary, "check", "--data", dir).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%d kills, and the person was hidden after %d of them", *kills, withdrawn)
}
