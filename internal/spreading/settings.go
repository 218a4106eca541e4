package spreading

import (
	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/population"
)

// Settings are the settings of a question about spread, with what stands where
// nothing was given. Enums are texts as in the schema.
type Settings struct {
	population.Settings
	Lag        int
	TimeOrder  string
	TieTime    string
	Direction  string
	Weights    string
	Normalized bool
	Compat     bool // NETDIFFUSER
}

// check tells what is wrong with a question about spread before anything is read.
func check(call computed.Call) error {
	s := settingsOf(call)
	if err := s.Check(call.Args); err != nil {
		return err
	}
	return s.checkTime()
}

// settingsOf reads the arguments.
func settingsOf(c computed.Call) Settings {
	a := c.Args
	return Settings{
		Settings: population.SettingsOf(c),
		Lag:      a.Number("input.lag", 0), TimeOrder: a.Text("input.timeOrder"), TieTime: a.Text("input.tieTime"),
		Direction: a.Text("input.direction"), Weights: a.Text("input.weights"),
		Normalized: a.Truth("input.normalized"), Compat: a.Text("input.compat") == "NETDIFFUSER",
	}
}

func (s *Settings) checkTime() error {
	switch {
	case s.TimeOrder == "IGNORE":
		return fault.New(fault.Invalid, "input.timeOrder is IGNORE; a possible source must come before its learner, so give STRICT or NON_STRICT")
	case s.Lag < 0:
		return fault.New(fault.Invalid, "input.lag is %d; it cannot be negative", s.Lag)
	}
	return nil
}

// checkLag tells whether periods are so many that a lag leaves some.
func checkLag(name string, lag, periods int) error {
	switch {
	case lag < 0:
		return fault.New(fault.Invalid, "%s is %d; it cannot be negative", name, lag)
	case lag >= periods:
		return fault.New(fault.Invalid, "%s is %d, but there are only %d periods; ask with a smaller one", name, lag, periods)
	}
	return nil
}
