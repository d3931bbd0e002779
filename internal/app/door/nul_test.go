package door_test

import (
	"strings"
	"testing"

	"muster/internal/postgres"
)

// PostgreSQL keeps no zero byte in a text; a device may send one all the same.
func TestAZeroByteInARecordSpoilsNothing(t *testing.T) {
	s := newSite(t)
	s.speaks(postgres.GateConfig{Protocol: "push"}, true)
	whole := s.pass("1", 0, 5)
	for name, record := range map[string]string{
		"in the key":       strings.Replace(whole, `"event_key":"1"`, `"event_key":"1\u0000"`, 1),
		"in the card":      strings.Replace(whole, `"person_id":`, `"card":"77\u0000","was":`, 1),
		"in the direction": strings.Replace(whole, `"in"`, `"in\u0000"`, 1),
		"in the reader":    strings.Replace(whole, `"direction"`, `"reader":"\u0000","direction"`, 1),
		"in the system":    strings.Replace(whole, `"person_id":`, `"external":{"system":"a\u0000","code":"\u0000"},"was":`, 1),
		"in an ID number":  strings.Replace(whole, `"person_id":`, `"id_number":"5101\u0000","was":`, 1),
	} {
		if status, body := s.posts(path, `{"passes":[`+record+`]}`); status != 200 {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}
