package clients

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/seed"
)

// author makes up requests that the served schema allows, mostly, about what is in the
// curated tables. The same seed makes the same requests as long as the answers are the same.
type author struct {
	*rand.Rand
	schema  *ast.Schema
	cells   map[string][]string // by column
	cursors map[string][]string // of earlier answers, by list
	orders  map[string][]string // with which there are cursors, by type

	// of the document at hand
	text      strings.Builder // the fragments
	fragments []fragment
	variables []string          // definitions, of the operation at hand
	given     map[string]any    // their values
	lists     map[string]string // by response key: the type and order of a connection
	names     int
	fields    int    // how many there may still be
	day       string // that the selection at hand is about
	dear      bool   // it asks for large pages
}

type fragment struct {
	name string
	on   *ast.Definition
}

func newAuthor(t *testing.T, number uint64) *author {
	t.Helper()
	text, err := os.ReadFile(servedFile)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return &author{
		Rand:   rand.New(rand.NewPCG(number, 0)),
		schema: schema, cells: seedCells(t), cursors: map[string][]string{}, orders: map[string][]string{},
	}
}

func seedCells(t *testing.T) map[string][]string {
	t.Helper()
	files, err := fs.Glob(seed.Tables, "*.csv")
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string][]string{}
	for _, name := range files {
		file, err := seed.Tables.Open(filepath.Base(name))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(file).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			for i, cell := range row {
				if cell != "" {
					cells[rows[0][i]] = append(cells[rows[0][i]], cell)
				}
			}
		}
	}
	return cells
}

// one is true once in n times.
func (a *author) one(n int) bool { return a.IntN(n) == 0 }

func pick[T any](a *author, list []T) T { return list[a.IntN(len(list))] }

func (a *author) name(prefix string) string {
	a.names++
	return fmt.Sprintf("%s%d", prefix, a.names)
}

// request makes up a document of one operation, now and then more, and what goes with it.
func (a *author) request() request {
	a.lists, a.names = map[string]string{}, 0
	r := request{Tables: seedTables}
	operations := 1 + a.IntN(2)*a.IntN(3)
	for range operations {
		name := a.name("Question")
		r.Query = a.operation(name) + r.Query
		r.OperationName, r.Variables = name, a.given
	}
	if operations == 1 && a.one(2) {
		r.OperationName = ""
	}
	if a.one(15) {
		a.spoil(&r)
	}
	return r
}

// operation makes up an operation with its fragments and the values of its variables.
func (a *author) operation(name string) string {
	a.text.Reset()
	a.fragments, a.variables, a.given, a.fields = nil, nil, map[string]any{}, 40
	a.dear = a.one(40)
	var b strings.Builder
	for range 1 + a.IntN(3) {
		b.WriteString(a.directives() + a.rootField() + "\n")
	}
	variables := ""
	if len(a.variables) > 0 {
		variables = "(" + strings.Join(a.variables, ", ") + ")"
	}
	return fmt.Sprintf("query %s%s {\n%s}\n%s", name, variables, b.String(), a.text.String())
}

// directives begins a selection, which is rarely under a condition.
func (a *author) directives() string {
	if !a.one(20) {
		return ""
	}
	directive, value := pick(a, []string{"include", "skip"}), a.literal(a.orVariable(ast.NonNullNamedType("Boolean", nil), a.one(2)))
	return fmt.Sprintf("... @%s(if: %s) { __typename } ", directive, value)
}

func (a *author) rootField() string {
	switch a.IntN(12) {
	case 0:
		return a.introspection()
	case 1, 2:
		return a.asOf()
	case 3:
		return a.found()
	}
	return a.rooted()
}

// asOf makes up questions about a day.
func (a *author) asOf() string {
	f := a.schema.Query.Fields.ForName("asOf")
	date := a.operand("date", f.Arguments.ForName("date").Type)
	if a.one(2) {
		date += ", certainty: " + a.operand("certainty", f.Arguments.ForName("certainty").Type)
	}
	if dates := f.Arguments.ForName("dates"); a.one(3) {
		date += ", dates: " + a.operand("dates", dates.Type)
	}
	a.day = "asOf" + date
	defer func() { a.day = "" }()
	parts := []string{a.directives() + a.rooted()}
	if a.one(2) {
		parts = append(parts, a.rooted())
	}
	if a.one(4) {
		parts = append(parts, pick(a, []string{"date", "certainty", "undated openEnded", "__typename"}))
	}
	return fmt.Sprintf("%s: asOf(date: %s) { %s }", a.name("d"), date, strings.Join(parts, " "))
}

// found makes up a search, for a name or a part of it.
func (a *author) found() string {
	f := a.schema.Query.Fields.ForName("search")
	text := a.words(pick(a, []string{"name", "name", "title", "aliases"}))
	if a.one(3) {
		words := strings.Fields(text)
		a.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		text = strings.Join(words[:min(len(words), 3)], " ")
	}
	list := []string{"text: " + a.literal(a.orVariable(f.Arguments.ForName("text").Type, text))}
	if a.one(3) {
		list = append(list, "types: "+a.operand("types", f.Arguments.ForName("types").Type))
	}
	list = append(list, "first: "+a.literal(a.orVariable(f.Arguments.ForName("first").Type, a.IntN(6))))
	key := a.name("s")
	a.lists[key] = "search " + text
	if cursors := a.cursors["search "+text]; len(cursors) > 0 && a.one(2) {
		list = append(list, "after: "+a.literal(pick(a, cursors)))
	}
	return fmt.Sprintf("%s: search(%s)%s", key, strings.Join(list, ", "), a.selection(a.schema.Types[f.Type.Name()], 2))
}

// rooted makes up a lookup or a list.
func (a *author) rooted() string {
	if a.one(9) {
		ids := a.operand("ids", ast.NonNullListType(ast.NonNullNamedType("ID", nil), nil))
		return fmt.Sprintf("%s: nodes(ids: %s)%s", a.name("n"), ids, a.selection(a.schema.Types["Node"], 1))
	}
	for {
		f := pick(a, a.schema.Query.Fields)
		def := a.schema.Types[f.Type.Name()]
		if f.Arguments.ForName("id") != nil && a.one(2) {
			return fmt.Sprintf("%s: %s(id: %s)%s", a.name("o"), f.Name, a.operand("id", f.Arguments.ForName("id").Type), a.selection(def, 0))
		}
		if isList(f) && !a.dear {
			return a.field(f, "", 0)
		}
	}
}

func (a *author) introspection() string {
	const typ = `{ kind name ofType { kind name ofType { kind name ofType { name } } } }`
	const input = `{ name description defaultValue type ` + typ + ` }`
	if a.one(4) {
		return "__schema { __typename description queryType { name } mutationType { name } subscriptionType { name } }"
	}
	names := []string{"Query", "PageInfo", "Node", "Date", "Nothing"}
	for _, name := range sorted(a.schema.Types) {
		if !a.schema.Types[name].BuiltIn { // whose descriptions every library words in its own way
			names = append(names, name)
		}
	}
	return fmt.Sprintf(`%s: __type(name: %s) { __typename kind name description specifiedByURL isOneOf
		fields(includeDeprecated: %t) { __typename name description isDeprecated deprecationReason args %s type %s }
		interfaces { name } enumValues { name description isDeprecated } inputFields %s }`,
		a.name("t"), a.operandFrom(names), a.one(2), input, typ, input)
}

func (a *author) operandFrom(names []string) string {
	return a.literal(a.orVariable(ast.NonNullNamedType("String", nil), pick(a, names)))
}

// isList tells whether a field lists things in pages, with the arguments that all such lists have.
func isList(f *ast.FieldDefinition) bool {
	return f.Arguments.ForName("where") != nil && f.Arguments.ForName("orderBy") != nil && f.Arguments.ForName("after") != nil
}

// isGroups tells whether a field counts what is in a connection.
func isGroups(f *ast.FieldDefinition) bool { return f.Arguments.ForName("by") != nil }

// untaught are computed fields that the oracle does not know.
var untaught = []string{"contacts", "viewer"}

// known tells whether the oracle knows a field: a scalar, a link, a field of a page or of a record.
func known(f *ast.FieldDefinition) bool {
	return !strings.HasPrefix(f.Name, "__") && !slices.Contains(untaught, f.Name) && (len(f.Arguments) == 0 || isList(f) || isGroups(f))
}

// selection makes up what is asked of an object, inside braces.
func (a *author) selection(def *ast.Definition, depth int) string {
	parts := []string{}
	for range 1 + a.IntN(4) {
		part := a.directives() + a.selected(def, depth)
		parts = append(parts, part)
		if a.one(12) {
			parts = append(parts, part) // merged
		}
	}
	return " { " + strings.Join(parts, " ") + " }"
}

// selected makes up a field or fragment of a selection.
func (a *author) selected(def *ast.Definition, depth int) string {
	node := def.IsAbstractType() || slices.Contains(def.Interfaces, "Node")
	switch n := a.IntN(20); {
	case n == 0:
		return pick(a, []string{"__typename", a.name("t") + ": __typename"})
	case n <= 3 && node && depth < 6:
		return a.inline(def, depth)
	case n <= 5 && node && depth < 6:
		return a.spread(def, depth)
	}
	return a.fieldOf(def, "", depth)
}

// fieldOf makes up a field of a type; suffix marks it where another type's may have its key.
func (a *author) fieldOf(def *ast.Definition, suffix string, depth int) string {
	var candidates ast.FieldList
	for _, f := range def.Fields {
		leaf := a.schema.Types[f.Type.Name()].IsLeafType()
		if known(f) && (leaf || depth < 6 && a.fields > 0) {
			candidates = append(candidates, f)
		}
	}
	if len(candidates) == 0 {
		return "__typename"
	}
	return a.field(pick(a, candidates), suffix, depth)
}

func (a *author) field(f *ast.FieldDefinition, suffix string, depth int) string {
	a.fields--
	def := a.schema.Types[f.Type.Name()]
	key := f.Name
	if suffix != "" {
		key += "_" + suffix
	}
	if isList(f) || isGroups(f) || a.one(10) {
		key = a.name("f")
	}
	text := f.Name
	if key != f.Name {
		text = key + ": " + f.Name
	}
	switch {
	case isList(f):
		return text + a.arguments(f, key, depth) + a.condition() + a.selection(def, depth+1)
	case isGroups(f):
		return text + a.grouping(f) + a.condition() + a.selection(def, depth+1)
	case def.IsLeafType():
		return text + a.condition()
	default:
		return text + a.condition() + a.selection(def, depth+1)
	}
}

// condition is a directive on a field, rarely.
func (a *author) condition() string {
	if !a.one(20) {
		return ""
	}
	name := pick(a, []string{"include", "skip"})
	return fmt.Sprintf(" @%s(if: %s)", name, a.literal(a.orVariable(ast.NonNullNamedType("Boolean", nil), a.one(2))))
}

// inline makes up an inline fragment, on a type that the object can have.
func (a *author) inline(def *ast.Definition, depth int) string {
	if a.one(5) {
		return "..." + a.condition() + a.selection(def, depth+1)
	}
	on := a.narrower(def)
	return "... on " + on.Name + a.condition() + " { " + a.marked(on, depth) + " }"
}

// marked makes up two fields of a type whose keys no other type's can have.
func (a *author) marked(on *ast.Definition, depth int) string {
	return a.fieldOf(on, on.Name, depth+1) + " " + a.fieldOf(on, on.Name, depth+1)
}

// narrower is a type or interface that shares concrete types with def.
func (a *author) narrower(def *ast.Definition) *ast.Definition {
	var list []*ast.Definition
	for _, name := range []string{"Node", "Party", "Body", "Channel", "Fact", "Dated"} {
		if i := a.schema.Types[name]; i != nil && overlap(a.schema.GetPossibleTypes(i), a.schema.GetPossibleTypes(def)) {
			list = append(list, i)
		}
	}
	return pick(a, append(list, a.schema.GetPossibleTypes(def)...))
}

func overlap(a, b []*ast.Definition) bool {
	return slices.ContainsFunc(a, func(def *ast.Definition) bool { return slices.Contains(b, def) })
}

// spread makes up a named fragment, or spreads one again.
func (a *author) spread(def *ast.Definition, depth int) string {
	for _, f := range a.fragments {
		if a.one(2) && overlap(a.schema.GetPossibleTypes(f.on), a.schema.GetPossibleTypes(def)) {
			return "..." + f.name + a.condition()
		}
	}
	on := a.narrower(def)
	name := a.name("Part")
	body := a.marked(on, depth+2)
	fmt.Fprintf(&a.text, "fragment %s on %s { %s }\n", name, on.Name, body)
	a.fragments = append(a.fragments, fragment{name, on}) // only now, so that it does not spread itself
	return "..." + name
}

// arguments makes up the arguments of a connection.
func (a *author) arguments(f *ast.FieldDefinition, key string, depth int) string {
	where, orderBy := f.Arguments.ForName("where"), f.Arguments.ForName("orderBy")
	target := strings.TrimSuffix(orderBy.Type.Name(), "Order")
	size := pick(a, []string{"first", "first", "last"})
	list := []string{}
	if a.one(2) {
		list = append(list, "where: "+a.literal(a.orVariable(where.Type, a.where(where.Type.Name(), 3))))
	}
	if facts := f.Arguments.ForName("facts"); facts != nil && a.one(3) {
		list = append(list, "facts: "+a.literal(a.orVariable(facts.Type, a.where(facts.Type.Name(), 2))))
	}
	order := a.order(target)
	if order != "" {
		list = append(list, "orderBy: "+order)
	}
	if depth > 0 || !a.one(4) {
		list = append(list, size+": "+a.literal(a.orVariable(f.Arguments.ForName(size).Type, a.size())))
	}
	under := order
	if strings.Contains(order, "count: ") {
		under += a.day // whose facts are counted
	}
	for _, bound := range []string{"after", "before"} {
		if cursors := a.cursors[target+under]; len(cursors) > 0 && a.one(3) {
			list = append(list, bound+": "+a.literal(a.orVariable(f.Arguments.ForName(bound).Type, pick(a, cursors))))
		}
	}
	a.lists[key] = target + under
	a.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	if len(list) == 0 {
		return ""
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// size is that of a page: small, or in a dear question large.
func (a *author) size() int {
	if a.dear {
		return pick(a, []int{25, 100, 1000})
	}
	return a.IntN(5)
}

// grouping makes up the arguments of facets and groups.
func (a *author) grouping(f *ast.FieldDefinition) string {
	by := f.Arguments.ForName("by").Type
	keys := []any{a.valueOf("by", by.Elem)}
	for !a.one(2) {
		keys = append(keys, a.valueOf("by", by.Elem))
	}
	list := []string{"by: " + a.literal(a.orVariable(by, keys))}
	for _, name := range []string{"first", "skip", "distinct"} {
		argument := f.Arguments.ForName(name)
		switch {
		case argument == nil || a.one(2):
		case name == "distinct":
			list = append(list, name+": "+a.operand(name, argument.Type))
		default:
			list = append(list, name+": "+a.literal(a.orVariable(argument.Type, a.IntN(6))))
		}
	}
	a.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return "(" + strings.Join(list, ", ") + ")"
}

// order makes up an orderBy, or takes one with which there are cursors; "" for none.
func (a *author) order(target string) string {
	if orders := a.orders[target]; len(orders) > 0 && a.one(2) {
		return pick(a, orders)
	}
	keys := []any{}
	for range a.IntN(4) {
		keys = append(keys, a.key(a.schema.Types[target+"Order"]))
	}
	switch {
	case len(keys) == 0:
		return ""
	case len(keys) == 1 && a.one(2):
		return a.literal(keys[0])
	default:
		t := ast.ListType(ast.NonNullNamedType(target+"Order", nil), nil)
		return a.literal(a.orVariable(t, keys))
	}
}

// key makes up an entry of an order: a scalar, a key at the end of a link, or a count.
func (a *author) key(def *ast.Definition) object {
	f := pick(a, def.Fields)
	for f.Name == "nulls" || f.Type.Name() != "Direction" && a.one(2) {
		f = pick(a, def.Fields)
	}
	key := object{{f.Name, a.way(a.schema.Types[f.Type.Name()])}}
	if a.one(2) {
		key = append(key, entry{"nulls", pick(a, []enum{"FIRST", "LAST"})})
	}
	return key
}

// way makes up what an entry of an order says of its field.
func (a *author) way(def *ast.Definition) any {
	direction := pick(a, []enum{"ASC", "DESC"})
	if def.Kind == ast.Enum {
		return direction
	}
	if def.Fields.ForName("count") == nil || def.Fields.ForName("count").Type.Name() != "Direction" {
		return a.key(def)
	}
	count := object{{"count", direction}}
	for _, name := range []string{"where", "facts"} {
		if f := def.Fields.ForName(name); f != nil && a.one(3) {
			count = append(count, entry{name, a.where(f.Type.Name(), 1)})
		}
	}
	return count
}

// learn keeps the cursors in an answer for later questions.
func (a *author) learn(data []byte) {
	var v any
	if json.Unmarshal(data, &v) == nil {
		a.search(v, "")
	}
}

func (a *author) search(v any, list string) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range sorted(v) {
			inner := list
			if l, ok := a.lists[key]; ok {
				inner = l
			}
			if text, ok := v[key].(string); ok && list != "" && strings.HasSuffix(strings.ToLower(key), "cursor") {
				a.keep(list, text)
			}
			a.search(v[key], inner)
		}
	case []any:
		for _, e := range v {
			a.search(e, list)
		}
	}
}

func sorted[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (a *author) keep(list, cursor string) {
	target := strings.TrimRightFunc(list, func(r rune) bool { return !unicode.IsLetter(r) })
	if i := strings.IndexAny(list, "[{$"); i >= 0 {
		target = list[:i]
	}
	order := list[len(target):]
	if strings.Contains(order, "$") {
		return // a variable means something else in the next document
	}
	if len(a.cursors[list]) == 0 && order != "" && !strings.Contains(order, "asOf") {
		a.orders[target] = append(a.orders[target], order)
	}
	if a.cursors[list] = append(a.cursors[list], cursor); len(a.cursors[list]) > 30 {
		a.cursors[list] = a.cursors[list][1:]
	}
}

// spoil makes a request wrong, or nearly.
func (a *author) spoil(r *request) {
	replace := func(old, new string) { r.Query = strings.Replace(r.Query, old, new, 1) }
	switch a.IntN(21) {
	case 0:
		replace("first: ", "frist: ")
	case 1:
		replace("ASC", "asc")
	case 2:
		r.Query += "fragment Unused on Party { id }"
	case 3:
		replace("nodes {", "nods {")
	case 4:
		replace("query", "mutation")
	case 5:
		r.OperationName = "Nobody"
	case 6:
		for name := range r.Variables {
			r.Variables[name] = map[string]any{"eq": 7.5}
		}
	case 7:
		r.Variables = nil
	case 8:
		r.Query = r.Query[:len(r.Query)-2]
	case 9:
		replace("first: ", "first: -")
	case 10:
		replace("first: ", "first: 100")
	case 11:
		replace("(where: {", "(after: \"AAAAAAAA\", where: {")
	case 12:
		replace("{eq: ", "{ne: null, eq: ")
	case 13:
		replace("orderBy: [", "orderBy: [{}, ")
	case 14:
		replace("pageInfo {", "pageInfo { cursor ")
	case 15:
		replace("(if: ", "(unless: ")
	case 16:
		replace("$", "$missing")
	case 17:
		replace("{eq: \"", "{eq: 2013, ne: \"")
	case 18:
		replace("by: [", "by: [NOTHING, ")
	case 19:
		replace("skip: ", "skip: -")
	case 20:
		replace("last: ", "first: 3, last: ")
	}
}
