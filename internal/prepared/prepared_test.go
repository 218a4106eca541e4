package prepared_test

import (
	"bytes"
	"testing"

	"nicgraph/internal/prepared"
)

func TestDataStandsInItsEnvelope(t *testing.T) {
	room := prepared.NewRoom(4)
	_ = append(room.Begin(), `[1,2,3]`...)
	inRoom := room.Answer(append(room.Begin(), `{"a":1}`...))
	for name, a := range map[string]*prepared.Answer{"in room": &inRoom, "without": {Data: []byte(`{"a":1}`)}} {
		for range 2 {
			if got := string(a.Body()); got != `{"data":{"a":1}}` || string(a.Data) != `{"a":1}` {
				t.Errorf("%s: body %s, data %s", name, got, a.Data)
			}
		}
		a.Release()
		a.Release() // nothing happens
	}
}

func TestAnAnswerThatFitsIsWrittenInPlace(t *testing.T) {
	data := bytes.Repeat([]byte("1"), 1000)
	least := 1000.0
	for range 5 { // a collection in between empties the pool
		least = min(least, testing.AllocsPerRun(20, func() {
			room := prepared.NewRoom(len(data))
			a := room.Answer(append(room.Begin(), data...))
			if len(a.Body()) != len(data)+9 {
				t.Error("another length")
			}
			a.Release()
		}))
	}
	if least > 0 {
		t.Errorf("%v allocations", least)
	}
}
