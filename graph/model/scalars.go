// Package model holds the Go types of the served schema: models_gen.go is generated from
// it, this file has the scalars of our own. It leaves what they mean to internal/value.
package model

import (
	"encoding/json"
	"fmt"
	"io"

	"nicgraph/internal/value"
)

// Date is a date in EDTF, such as 2013, 2013-09 or 2013~, that value.ParseDate accepts.
type Date string

// UnmarshalGQL reads a date from the value of an argument or variable.
func (d *Date) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a date is written as a string, not as %T", v)
	}
	if _, err := value.ParseDate(text); err != nil {
		return err
	}
	*d = Date(text)
	return nil
}

// MarshalGQL writes the date as a JSON string.
func (d Date) MarshalGQL(w io.Writer) {
	text, err := json.Marshal(string(d))
	if err != nil { // not reached: every Go string can be written
		panic(err)
	}
	_, _ = w.Write(text) // the signature is gqlgen's, which reports errors of w itself
}
