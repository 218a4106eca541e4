package httpserver

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/disarm"
	"nicgraph/internal/prepared"
)

// cursorHeader names the cursor with which a table goes on.
const cursorHeader = "X-Nicgraph-Next-Cursor"

// table is how the answer to a question is laid out as CSV: one row for each entry of the
// one connection that the question leads to.
type table struct {
	name       string   // the response key of the connection
	path       []string // the response keys that lead to its entries
	page       []string // the response keys that lead to its pageInfo
	more       string   // the response key in pageInfo that tells whether there is more
	cursor     string   // the response key in pageInfo of the cursor to go on with
	variable   string   // the variable that takes this cursor, if one does
	columns    []column
	definition *ast.Schema
	operation  *graphql.OperationContext
}

// column is a path of response keys from an entry on; its dotted form is the header.
type column []string

// newTable finds the connection that an operation leads to. An error is a refusal that
// says what to change.
func newTable(operation *graphql.OperationContext, schema *ast.Schema) (*table, error) {
	t := &table{definition: schema, operation: operation}
	list, err := t.connection(operation.Operation.SelectionSet)
	if err != nil {
		return nil, err
	}
	rows, err := t.entries(list)
	if err != nil {
		return nil, err
	}
	if err := t.paging(list); err != nil {
		return nil, err
	}
	t.path = append(t.path, rows.alias)
	t.columns = t.columnsOf(rows.selections, nil)
	if len(t.columns) == 0 {
		return nil, badInput("The table has no columns. Select fields of %s.", rows.alias)
	}
	return t, nil
}

// connection goes down from the root, where each level may hold one field only.
func (t *table) connection(selections ast.SelectionSet) (selected, error) {
	for {
		fields := slices.DeleteFunc(t.collect(selections), func(f selected) bool { return f.field.Name == "__typename" })
		if len(fields) != 1 || len(fields[0].selections) == 0 {
			return selected{}, badInput("CSV has room for one list. Ask for exactly one connection, such as organizations { nodes { id name } pageInfo { hasNextPage endCursor } }.")
		}
		only := fields[0]
		t.path = append(t.path, only.alias)
		if t.definition.Types[only.field.Definition.Type.Name()].Fields.ForName("pageInfo") != nil {
			t.name = only.alias
			return only, nil
		}
		if isList(only.field) {
			return selected{}, badInput("%s is no connection, and only a connection can be had as CSV.", only.alias)
		}
		selections = only.selections
	}
}

// entries are the nodes or the edges of a connection.
func (t *table) entries(list selected) (selected, error) {
	var found []selected
	for _, f := range t.collect(list.selections) {
		if f.field.Name == "nodes" || f.field.Name == "edges" {
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		return selected{}, badInput("CSV needs the rows of %s once: select either nodes or edges.", list.alias)
	}
	return found[0], nil
}

// paging finds what tells whether there is more. It must be asked for, so that nobody
// takes a page for the whole.
func (t *table) paging(list selected) error {
	more, cursor, argument := "hasNextPage", "endCursor", "after"
	if last := list.field.ArgumentMap(t.operation.Variables)["last"]; last != nil {
		more, cursor, argument = "hasPreviousPage", "startCursor", "before"
	}
	for _, info := range t.collect(list.selections) {
		if info.field.Name != "pageInfo" {
			continue
		}
		t.page = append(slices.Clone(t.path), info.alias)
		for _, f := range t.collect(info.selections) {
			switch f.field.Name {
			case more:
				t.more = f.alias
			case cursor:
				t.cursor = f.alias
			}
		}
	}
	if t.more == "" || t.cursor == "" {
		return badInput("Add pageInfo { %s %s } to %s: a table is one page, and its headers tell whether there is more.", more, cursor, list.alias)
	}
	if given := list.field.Arguments.ForName(argument); given != nil && given.Value.Kind == ast.Variable {
		t.variable = given.Value.Raw
	}
	return nil
}

// columnsOf lists the scalars of a selection and of the objects in it, in their order.
func (t *table) columnsOf(selections ast.SelectionSet, path column) []column {
	var all []column
	for _, f := range t.collect(selections) {
		at := append(slices.Clone(path), f.alias)
		if len(f.selections) == 0 {
			all = append(all, at)
			continue
		}
		all = append(all, t.columnsOf(f.selections, at)...)
	}
	return all
}

// selected is a field under its response key, with all that is selected on it.
type selected struct {
	alias      string
	field      *ast.Field
	selections ast.SelectionSet
}

// collect merges a selection as if every fragment fitted; what is skipped is left out.
func (t *table) collect(selections ast.SelectionSet) []selected {
	var all []selected
	at := map[string]int{}
	for _, f := range graphql.CollectFields(t.operation, selections, t.typeNames()) {
		i, known := at[f.Alias]
		if !known {
			at[f.Alias] = len(all)
			all = append(all, selected{f.Alias, f.Field, slices.Clone(f.Selections)})
			continue
		}
		all[i].selections = append(all[i].selections, f.Selections...)
	}
	return all
}

func (t *table) typeNames() []string {
	names := make([]string, 0, len(t.definition.Types))
	for name := range t.definition.Types {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func isList(f *ast.Field) bool { return f.Definition.Type.Elem != nil }

// reply lays out a complete answer as RFC 4180 has it.
func (t *table) reply(r *http.Request, answer []byte) (reply, error) {
	var data any
	decoder := json.NewDecoder(bytes.NewReader(answer))
	decoder.UseNumber()
	if err := decoder.Decode(&data); err != nil {
		return reply{}, fmt.Errorf("read the answer: %w", err)
	}
	body, err := t.write(data, forSpreadsheet(r.URL.Query()))
	if err != nil {
		return reply{}, err
	}
	header := t.next(r.URL, data)
	header.Set("Content-Disposition", `attachment; filename="`+t.name+`.csv"`)
	return reply{status: http.StatusOK, media: mediaCSV, code: "ok", header: header, body: body}, nil
}

// errorMedia is the type in which errors are told: always JSON.
func errorMedia(media string) string {
	if media == mediaCSV || media == mediaEvents {
		return mediaResponse
	}
	return media
}

// errorInsteadOfTable tells by its status too that it is no table.
func errorInsteadOfTable(a *prepared.Answer) (reply, error) {
	out, err := replyTo(a, mediaResponse)
	out.status = statusOf(out.code)
	return out, err
}

func (t *table) write(data any, spreadsheet bool) ([]byte, error) {
	var body bytes.Buffer
	w := csv.NewWriter(&body)
	w.UseCRLF = true
	cells := make([]string, len(t.columns))
	for i, c := range t.columns {
		cells[i] = strings.Join(c, ".")
	}
	if err := w.Write(cells); err != nil {
		return nil, fmt.Errorf("write the header: %w", err)
	}
	rows, _ := inside(data, t.path).([]any)
	for _, row := range rows {
		for i, c := range t.columns {
			cells[i] = cell(inside(row, c), spreadsheet)
		}
		if err := w.Write(cells); err != nil {
			return nil, fmt.Errorf("write a row: %w", err)
		}
	}
	w.Flush()
	return body.Bytes(), w.Error()
}

// inside follows response keys, through lists too; where they lead to nothing it is nil.
func inside(v any, path []string) any {
	switch v := v.(type) {
	case map[string]any:
		if len(path) > 0 {
			return inside(v[path[0]], path[1:])
		}
	case []any:
		if len(path) == 0 {
			return v
		}
		found := make([]any, len(v))
		for i, element := range v {
			found[i] = inside(element, path)
		}
		return found
	case nil:
		return nil
	}
	return v
}

// cell writes a value; several stand after each other, a missing one among them as an
// empty text, so that columns of the same list keep step.
func cell(v any, spreadsheet bool) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if spreadsheet {
			return disarm.Formulas(v)
		}
		return v
	case []any:
		texts := make([]string, len(v))
		for i, element := range v {
			texts[i] = cell(element, false)
		}
		return cell(strings.Join(texts, "; "), spreadsheet)
	default: // a number or a truth value
		return fmt.Sprint(v)
	}
}

// longestLink spares clients and proxies long headers; the cursor is always there.
const longestLink = 2000

// forSpreadsheet tells whether the address asks for cells that no spreadsheet runs. Whatever it
// says but no means yes: a table with formulas in it must not come of a slip.
func forSpreadsheet(options url.Values) bool {
	yes, err := strconv.ParseBool(options.Get("spreadsheet"))
	return options.Has("spreadsheet") && (yes || err != nil)
}

// next tells how the table goes on, when it does.
func (t *table) next(address *url.URL, data any) http.Header {
	header := http.Header{}
	info := inside(data, t.page)
	cursor, ok := inside(info, []string{t.cursor}).(string)
	if more, _ := inside(info, []string{t.more}).(bool); !more || !ok {
		return header
	}
	header.Set(cursorHeader, cursor)
	if link, ok := t.link(address, cursor); ok && len(link) <= longestLink {
		header.Set("Link", "<"+link+`>; rel="next"`)
	}
	return header
}

// link is the address of the next page: that of a GET whose cursor is a variable.
func (t *table) link(address *url.URL, cursor string) (string, bool) {
	query := address.Query()
	if t.variable == "" || !query.Has("query") {
		return "", false
	}
	variables, err := object(query, "variables")
	if err != nil {
		return "", false
	}
	if variables == nil {
		variables = map[string]any{}
	}
	variables[t.variable] = cursor
	text, err := json.Marshal(variables)
	if err != nil {
		return "", false
	}
	query.Set("variables", string(text))
	return address.Path + "?" + query.Encode(), true
}
