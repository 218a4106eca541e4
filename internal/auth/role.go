package auth

import (
	"slices"
	"strings"
)

// Role is what somebody is to the graph. Each may do what those before it may, and more.
type Role uint8

// The roles.
const (
	Nobody        Role = iota
	Reader             // reads
	Contributor        // and proposes changes
	Reviewer           // and changes the graph, and decides on proposals
	Administrator      // and hides and erases records of persons
)

var roleNames = []string{"nobody", "reader", "contributor", "reviewer", "administrator"}

func (r Role) String() string { return roleNames[r] }

// Roles are the names of all roles that somebody can have, the lowest first.
func Roles() []string { return slices.Clone(roleNames[Reader:]) }

// ParseRole reads the name of a role.
func ParseRole(name string) (Role, error) {
	i := slices.Index(roleNames, name)
	if i <= int(Nobody) {
		return Nobody, unknown("role", name, Roles())
	}
	return Role(i), nil
}

// MarshalText is the role's name.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the role's name.
func (r *Role) UnmarshalText(text []byte) (err error) {
	*r, err = ParseRole(string(text))
	return err
}

// Scopes is a set of things to do.
type Scopes uint8

// What there is to do.
const (
	Read       Scopes = 1 << iota
	Propose           // put a change before a reviewer
	Write             // change the graph
	Review            // decide on proposals
	Administer        // hide and erase records of persons
)

var scopeNames = []string{"read", "propose", "write", "review", "administer"}

// Scopes is what a role may do.
func (r Role) Scopes() Scopes {
	switch r {
	case Nobody:
		return 0
	case Reader:
		return Read
	case Contributor:
		return Read | Propose
	case Reviewer:
		return Read | Propose | Write | Review
	case Administrator:
		return Read | Propose | Write | Review | Administer
	default:
		panic(r)
	}
}

// rolesFor are the names of the roles that may do what the scopes say, the lowest first.
func rolesFor(s Scopes) (names []string) {
	for r := Reader; r <= Administrator; r++ {
		if r.Scopes()&s == s {
			names = append(names, r.String())
		}
	}
	return names
}

// Names are the names of the scopes in the set, in the order in which they are declared.
func (s Scopes) Names() []string {
	names := []string{}
	for i, name := range scopeNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

func (s Scopes) String() string { return listed(s.Names(), "and") }

// ParseScopes reads names of scopes.
func ParseScopes(names []string) (s Scopes, err error) {
	for _, name := range names {
		i := slices.Index(scopeNames, name)
		if i < 0 {
			return 0, unknown("scope", name, scopeNames)
		}
		s |= 1 << i
	}
	return s, nil
}

// MarshalText is the scopes' names, parted by spaces.
func (s Scopes) MarshalText() ([]byte, error) { return []byte(strings.Join(s.Names(), " ")), nil }

// UnmarshalText reads the scopes' names.
func (s *Scopes) UnmarshalText(text []byte) (err error) {
	*s, err = ParseScopes(strings.Fields(string(text)))
	return err
}
