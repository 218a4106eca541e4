package spread

// order is the adopters in an order in which possible sources come before their learners.
// People who can learn from each other in a circle stand together, and so do all who are
// tied by any chain of learning edges: a cluster.
type order struct {
	people []int32
	circle []int32 // where each circle begins in people, and the end
	end    []int32 // per circle, the first circle behind its cluster
	of     []int32 // per person, the circle; None: did not adopt
}

// order sorts the adopters, sources first.
func (l *Learning) order() *order {
	people, circle := l.byPeriod()
	if !l.strict {
		people, circle = circles(l.Sources, people)
	}
	cluster := l.clusters()
	people = sortedBy(people, cluster, len(cluster))
	o := &order{people: people, of: l.perAdopter()}
	for at, i := range people {
		if at == 0 || circle[i] != circle[people[at-1]] {
			o.circle = append(o.circle, int32(at))
		}
		o.of[i] = int32(len(o.circle) - 1)
	}
	o.circle = append(o.circle, int32(len(people)))
	o.findEnds(cluster)
	return o
}

func (o *order) findEnds(cluster []int32) {
	count := len(o.circle) - 1
	o.end = make([]int32, count)
	for c := count - 1; c >= 0; c-- {
		o.end[c] = int32(c + 1)
		if c+1 < count && cluster[o.people[o.circle[c]]] == cluster[o.people[o.circle[c+1]]] {
			o.end[c] = o.end[c+1]
		}
	}
}

// turned is the order with learners first.
func (o *order) turned() *order {
	count := int32(len(o.end))
	t := &order{of: make([]int32, len(o.of)), end: make([]int32, count)}
	for c := count - 1; c >= 0; c-- {
		t.circle = append(t.circle, int32(len(t.people)))
		t.people = append(t.people, o.people[o.circle[c]:o.circle[c+1]]...)
	}
	t.circle = append(t.circle, int32(len(t.people)))
	for i, c := range o.of {
		t.of[i] = None
		if c != None {
			t.of[i] = count - 1 - c
		}
	}
	for c, first := int32(0), int32(0); c < count; c++ {
		if o.end[c] != o.end[first] {
			first = c
		}
		t.end[count-1-c] = count - first
	}
	return t
}

// byPeriod is the adopters by period, then place, everybody a circle of one.
func (l *Learning) byPeriod() (people, circle []int32) {
	circle = make([]int32, len(l.panel.Adopted))
	for i := range int32(len(circle)) {
		circle[i] = i
		if l.adopted(i) {
			people = append(people, i)
		}
	}
	return sortedBy(people, l.panel.Adopted, l.panel.Periods), circle
}

// clusters gives, per person, the smallest place in the cluster: union by the smaller
// place, with halved paths.
func (l *Learning) clusters() []int32 {
	head := make([]int32, len(l.panel.Adopted))
	for i := range head {
		head[i] = int32(i)
	}
	find := func(i int32) int32 {
		for head[i] != i {
			head[i] = head[head[i]]
			i = head[i]
		}
		return i
	}
	for i := range int32(len(head)) {
		for _, j := range l.Sources.Of(i) {
			a, b := find(i), find(j)
			head[max(a, b)] = min(a, b)
		}
	}
	for i := range int32(len(head)) {
		head[i] = find(i)
	}
	return head
}

// circles finds the strongly connected components (Tarjan 1972, doi:10.1137/0201010) of
// people among their rows. Whoever stands in one's row comes first, or in the same circle;
// circle names one member of it.
func circles(rows Rows, people []int32) (sorted, circle []int32) {
	n := len(rows.Start) - 1
	s := search{rows: rows, seen: make([]int32, n), low: make([]int32, n), circle: make([]int32, n)}
	s.next = append(s.next, rows.Start[:n]...)
	for i := range s.circle {
		s.circle[i] = None
	}
	for _, i := range people {
		if s.seen[i] == 0 {
			s.from(i)
		}
	}
	return s.sorted, s.circle
}

// search is a walk in depth, with a stack of its own: chains may be as long as there are
// people.
type search struct {
	rows   Rows
	seen   []int32 // per person, the number of the first visit; 0: none
	low    []int32 // per person, the lowest number that was seen from there
	next   []int64 // per person, the entry to look at next
	path   []int32 // from the start to the person at hand
	open   []int32 // visited, the circle not yet known
	count  int32
	sorted []int32
	circle []int32
}

func (s *search) from(start int32) {
	s.enter(start)
	for len(s.path) > 0 {
		i := s.path[len(s.path)-1]
		if s.next[i] < s.rows.Start[i+1] {
			j := s.rows.Other[s.next[i]]
			s.next[i]++
			s.look(i, j)
			continue
		}
		s.leave(i)
	}
}

func (s *search) enter(i int32) {
	s.count++
	s.seen[i], s.low[i] = s.count, s.count
	s.path, s.open = append(s.path, i), append(s.open, i)
}

func (s *search) look(i, j int32) {
	switch {
	case s.seen[j] == 0:
		s.enter(j)
	case s.circle[j] == None:
		s.low[i] = min(s.low[i], s.seen[j])
	}
}

func (s *search) leave(i int32) {
	s.path = s.path[:len(s.path)-1]
	if len(s.path) > 0 {
		before := s.path[len(s.path)-1]
		s.low[before] = min(s.low[before], s.low[i])
	}
	for done := s.low[i] != s.seen[i]; !done; {
		j := s.open[len(s.open)-1]
		s.open = s.open[:len(s.open)-1]
		s.circle[j], s.sorted = i, append(s.sorted, j)
		done = j == i
	}
}
