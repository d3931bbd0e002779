package httpapi

import "time"

// SetHeartBeat lets a test see many beats.
func (s *Server) SetHeartBeat(d time.Duration) { s.beat = d }
