package tiles

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
)

// The failures of a service, in words that hold no address: an address has the
// key in it, and the library's errors have the address in them.
var (
	errElsewhere = errors.New("it sends us to another host")
	errNoAnswer  = errors.New("no answer")
	errNoPicture = errors.New("what it sent is no PNG, JPEG or WebP")
	errTooLarge  = errors.New("what it sent is larger than 1 MB")
	errCircles   = errors.New("it sends us around in circles")
	errAbsent    = errors.New("it has no such tile") // no failure of the service
)

// sameHost follows a redirect only to where the first request went.
func sameHost(to *http.Request, via []*http.Request) error {
	switch {
	case to.URL.Scheme != via[0].URL.Scheme || to.URL.Host != via[0].URL.Host:
		return errElsewhere
	case len(via) > 3:
		return errCircles
	}
	// The address that we came from has the key in it.
	to.Header.Del("Referer")
	return nil
}

// fetch asks the service for a tile. What comes back is judged by its bytes, not
// by what the answer says of itself.
func (p *proxy) fetch(ctx context.Context, s service, t Tile) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.at(t, s.template), nil)
	if err != nil || req.URL.Host != s.host {
		return nil, errElsewhere
	}
	req.Header.Set("User-Agent", "Muster")
	req.Header.Set("Accept", "image/png,image/jpeg,image/webp")
	answer, err := p.client.Do(req)
	if err != nil {
		return nil, withoutAddress(err)
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusNoContent, http.StatusNotFound:
		return nil, errAbsent
	default:
		return nil, fmt.Errorf("status %d", answer.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxFetched+1))
	switch {
	case err != nil:
		return nil, errNoAnswer
	case len(body) > maxFetched:
		return nil, errTooLarge
	case !slices.Contains([]string{"image/png", "image/jpeg", "image/webp"}, http.DetectContentType(body)):
		return nil, errNoPicture
	}
	return body, nil
}

func withoutAddress(err error) error {
	for _, known := range []error{errElsewhere, errCircles} {
		if errors.Is(err, known) {
			return known
		}
	}
	if u, ok := errors.AsType[*url.Error](err); ok && u.Timeout() {
		return fmt.Errorf("%w in %s", errNoAnswer, fetchWithin)
	}
	return errNoAnswer
}
