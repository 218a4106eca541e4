package computed

import (
	"reflect"
	"unsafe"
)

// Apart is a value that the cache keeps on its own, though others lead back to it.
type Apart interface {
	// Apart is the type of the pointers that lead back.
	Apart() reflect.Type
}

// footprint is roughly how many bytes of memory a value holds, with all that it leads to
// and that is not kept apart.
func footprint(v any, apart map[reflect.Type]bool) int64 {
	m := measure{seen: map[unsafe.Pointer]bool{}, apart: apart}
	if a, ok := v.(Apart); ok {
		m.own = a.Apart()
	}
	return m.of(reflect.ValueOf(v))
}

// measure adds bytes up. What several lead to counts once.
type measure struct {
	seen  map[unsafe.Pointer]bool
	apart map[reflect.Type]bool
	own   reflect.Type // what is kept with the value itself
}

// keptApart tells whether what a pointer leads to is counted with another value.
func (m *measure) keptApart(t reflect.Type) bool { return m.apart[t] && t != m.own }

// of is what a value leads to, and the value itself where it stands alone.
func (m *measure) of(v reflect.Value) int64 {
	if !v.IsValid() {
		return 0
	}
	return int64(v.Type().Size()) + m.beyond(v)
}

// beyond is what a value leads to.
func (m *measure) beyond(v reflect.Value) (bytes int64) {
	switch v.Kind() {
	case reflect.String:
		return int64(v.Len())
	case reflect.Interface:
		return m.of(v.Elem())
	case reflect.Pointer:
		if m.keptApart(v.Type()) || m.met(v.UnsafePointer()) {
			return 0
		}
		return m.of(v.Elem())
	case reflect.Slice:
		if m.met(v.UnsafePointer()) {
			return 0
		}
		return int64(v.Cap())*int64(v.Type().Elem().Size()) + m.elements(v)
	case reflect.Array:
		return m.elements(v)
	case reflect.Struct:
		for i := range v.NumField() {
			bytes += m.beyond(v.Field(i))
		}
		return bytes
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			bytes += m.of(entries.Key()) + m.of(entries.Value())
		}
		return bytes
	default:
		return 0
	}
}

func (m *measure) elements(v reflect.Value) (bytes int64) {
	if flat(v.Type().Elem()) {
		return 0
	}
	for i := range v.Len() {
		bytes += m.beyond(v.Index(i))
	}
	return bytes
}

// flat tells whether values of a type lead to nothing, as far as that is told quickly.
func flat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if !flat(t.Field(i).Type) {
				return false
			}
		}
		return true
	case reflect.Array:
		return flat(t.Elem())
	default:
		return t.Kind() <= reflect.Complex128
	}
}

func (m *measure) met(p unsafe.Pointer) bool {
	if p == nil || m.seen[p] {
		return true
	}
	m.seen[p] = true
	return false
}
