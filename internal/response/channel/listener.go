package channel

import "context"

// Listener is a gateway whose carrier tells of its messages over a connection
// that we hold open, instead of by calling us.
type Listener interface {
	// Listen emits events until the context ends (then the error is nil) or the
	// carrier refuses for good. It reconnects by itself. An event may come twice:
	// its EventID is the same. emit is called by one goroutine at a time.
	Listen(ctx context.Context, emit func(Event)) error
}
