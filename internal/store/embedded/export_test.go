package embedded

// Forget drops the states of the past that a store keeps.
func Forget(s *Store) {
	s.pasts.mu.Lock()
	defer s.pasts.mu.Unlock()
	s.pasts.of = nil
}
