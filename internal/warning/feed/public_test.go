package feed

import (
	"path/filepath"
	"strings"
	"testing"

	"muster/internal/reftest"
	"muster/internal/warning"
)

// publicCases is what the CAP files of the public corpus must give. Files that
// nobody should accept say why.
var publicCases = []struct {
	file    string
	outcome Outcome
	status  warning.Status
	msgType warning.MsgType
	claims  int
	basis   warning.Basis
}{
	{"capparselib__invalid_xmlns.cap", Rejected, "", "", 0, ""}, // a namespace that is not CAP's
	{"google__xee.cap", Rejected, "", "", 0, ""},                // external entities
	{"capparselib__noaa_errors.cap", Held, "actual", "alert", 1, "geocode"},
	{"google__noaa_errors.cap", Held, "actual", "alert", 1, "geocode"}, // a comma too many in the polygon
	{"kde__dwd-update.xml", Held, "actual", "update", 1, "geocode"},    // a ring of two points
	{"capparselib__ph.cap", Ignored, "test", "alert", 1, "polygon"},
	{"capparselib__taiwan.cap", Accepted, "actual", "alert", 1, "geocode"},
	{"capparselib__weather.cap", Accepted, "actual", "alert", 1, "geocode"},
	{"fah__msg_actual-public_en_noof_hp.xml", Accepted, "actual", "update", 1, "polygon"},
	{"fah__msg_actual-public_en_of_hp.xml", Accepted, "actual", "update", 1, "polygon"},
	{"fah__msg_actual-public_fr_of_nohp.xml", Accepted, "actual", "update", 1, "polygon"},
	{"fah__msg_private-actual_en_of_hp.xml", Accepted, "actual", "update", 1, "polygon"},
	{"fah__msg_public-actual_en_of_nohp.xml", Accepted, "actual", "alert", 1, "polygon"},
	{"fah__msg_test-public_en_noof_nohp.xml", Ignored, "test", "update", 1, "polygon"},
	{"fah__msg_test-public_en_of_nohp.xml", Ignored, "test", "update", 1, "polygon"},
	{"fah__msg_test-public_fr_of_nohp.xml", Ignored, "test", "update", 1, "polygon"},
	{"fah__msg_test_public_fr_of_hp.xml", Ignored, "test", "update", 1, "polygon"},
	{"google__canada_errors.cap", Accepted, "actual", "update", 1, "polygon"},
	{"google__weather.cap", Accepted, "actual", "alert", 1, "geocode"},
	{"googleval__thunderstorm.cap", Accepted, "actual", "alert", 1, "polygon"},
	{"googlewar__43b080713727.cap", Held, "actual", "alert", 1, "text"}, // words only
	{"googlewar__KAR0-0306112239-SW.cap", Accepted, "actual", "alert", 1, "geocode"},
	{"ibm__cap_amber_alert_example.xml", Accepted, "actual", "alert", 2, "geocode"},
	{"kde__mo-cap_monsoon.xml", Accepted, "actual", "update", 3, "polygon"},
	{"kde__thunderstorm.xml", Accepted, "actual", "alert", 1, "polygon"},
	{"oasiscap__v1dot0_appendix_adot1.xml", Held, "actual", "alert", 1, "text"},
	{"oasiscap__v1dot0_appendix_adot2.xml", Accepted, "actual", "alert", 1, "polygon"},
	{"oasiscap__v1dot0_appendix_adot3.xml", Accepted, "actual", "alert", 1, "circle"},
	{"oasiscap__v1dot0_appendix_adot4.xml", Accepted, "actual", "alert", 1, "geocode"},
	{"oasiscap__v1dot1_appendix_adot1.xml", Held, "actual", "alert", 1, "text"},
	{"oasiscap__v1dot1_appendix_adot2.xml", Accepted, "actual", "alert", 1, "polygon"},
	{"oasiscap__v1dot1_appendix_adot3.xml", Accepted, "actual", "alert", 1, "circle"},
	{"oasiscap__v1dot1_appendix_adot4.xml", Accepted, "actual", "alert", 1, "geocode"},
	{"oasiscap__v1dot2_appendix_adot1.xml", Held, "actual", "alert", 1, "text"},
	{"oasiscap__v1dot2_appendix_adot2.xml", Accepted, "actual", "alert", 1, "polygon"},
	{"oasiscap__v1dot2_appendix_adot3.xml", Accepted, "actual", "update", 1, "circle"},
	{"oasiscap__v1dot2_appendix_adot4.xml", Accepted, "actual", "alert", 2, "geocode"},
	{"sahana__Homeland_Sec_Adv.xml", Held, "actual", "alert", 1, "text"},
	{"sahana__Severe_Thunderstorm_Warning.xml", Accepted, "actual", "alert", 1, "polygon"},
	{"sahana__landslide.xml", Ignored, "exercise", "alert", 1, "polygon"},
	{"tannerryan__Oasis_AmberAlert.xml", Accepted, "actual", "alert", 2, "geocode"},
	{"tannerryan__Oasis_EarthquakeReport.xml", Accepted, "actual", "update", 1, "circle"},
	{"tannerryan__Oasis_HomelandAlert.xml", Held, "actual", "alert", 1, "text"},
	{"tannerryan__Oasis_ThunderstormWarning.xml", Accepted, "actual", "alert", 1, "polygon"},
}

func TestPublicCAP(t *testing.T) {
	dir, ok := reftest.Find(t, "corpus/public")
	if !ok {
		return
	}
	for _, c := range publicCases {
		t.Run(c.file, func(t *testing.T) {
			r := Parse(readFile(t, filepath.Join(dir, c.file)), receivedAt)
			if r.Outcome != c.outcome {
				t.Fatalf("outcome %s %v, want %s", r.Outcome, r.Reasons, c.outcome)
			}
			if c.outcome == Rejected {
				return
			}
			m := r.Messages[0]
			if m.Status != c.status || m.MsgType != c.msgType || len(m.Claims) != c.claims {
				t.Errorf("got %s %s with %d claims", m.Status, m.MsgType, len(m.Claims))
			}
			if got := m.Claims[0].Area.Basis; got != c.basis {
				t.Errorf("area by %s, want %s", got, c.basis)
			}
			if m.Dispatchable(receivedAt) {
				t.Error("nothing of these years may be dispatched now")
			}
		})
	}
}

// The other files are of formats that are named and kept, not yet read.
func TestPublicOthersAreNamedAndKept(t *testing.T) {
	dir, ok := reftest.Find(t, "corpus/public")
	if !ok {
		return
	}
	for pattern, format := range map[string]string{
		"*.atom": "atom", "*.rss": "rss", "*.txt": "bulletin", "*.js": "weathercn",
		"cncaiyun*": "caiyun", "cngjzwfw*": "cmajson", "cnnmc*": "nmc", "qweather*": "qweather",
		"meteoalarm*": "meteoalarm", "nwsgeojson*": "nws",
	} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			r := Parse(readFile(t, file), receivedAt)
			malformed := strings.HasSuffix(file, "capparselib__weather.atom") && r.Outcome == Rejected
			if r.Format != format || (r.Outcome != Held && !malformed) {
				t.Errorf("%s: %s %s %v", filepath.Base(file), r.Format, r.Outcome, r.Reasons)
			}
		}
	}
}

func TestEveryPublicCAPFileHasACase(t *testing.T) {
	dir, ok := reftest.Find(t, "corpus/public")
	if !ok {
		return
	}
	known := map[string]bool{}
	for _, c := range publicCases {
		known[c.file] = true
	}
	for _, pattern := range []string{"*.cap", "*.xml"} {
		files, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, file := range files {
			if !known[filepath.Base(file)] {
				t.Errorf("%s has no expectation", filepath.Base(file))
			}
		}
	}
}
